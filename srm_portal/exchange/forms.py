"""Handing in a file to import."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField

from srm_portal.kernel.permissions import Actor
from srm_portal.web.forms import PortalForm, StringField, at_most

WHAT = {
    "ocds": _l("OCDS releases (.json)"),
    "needs": _l("Needs (.xlsx)"),
    "suppliers": _l("Suppliers (.csv)"),
    "categories": _l("Categories (.csv)"),
    "deliveries": _l("Deliveries (.csv)"),
    "customers": _l("Customers (.csv)"),
    "cards": _l("People at customers (.vcf)"),
    "orders": _l("Orders of customers (.csv)"),
}
STATES = {
    "ready": _l("would go in"),
    "imported": _l("imported"),
    "already_imported": _l("here already"),
    "refused": _l("refused"),
}
KINDS = {
    "planning": _l("planning"),
    "tender": _l("tender"),
    "archive": _l("for the archive"),
    "need": _l("need"),
    "supplier": _l("supplier"),
    "category": _l("category"),
    "delivery": _l("delivery"),
    "customer": _l("customer"),
    "contact": _l("contact"),
    "order": _l("order line"),
}


def open_to(actor: Actor) -> list[str]:
    """What this person may import: needs and tenders belong to who writes needs."""
    needed = {"suppliers": "import:run", "categories": "import:run"} | dict.fromkeys(
        ("customers", "cards", "orders"), "customer:edit"
    )
    return [what for what in WHAT if actor.may(needed.get(what, "need:edit"))]


class ImportForm(PortalForm):
    what = SelectField(_l("What is in the file?"))
    file = FileField(_l("File"))
    scheme = StringField(
        _l("Vocabulary"), [at_most(20)], default="CPV", description=_l("For categories only: the name of the scheme.")
    )
