"""What `customers` plugs in."""

from datetime import date, datetime

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from srm_portal.customers import queries
from srm_portal.customers.api import bp as api
from srm_portal.customers.views import bp
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import ports as suppliers
from srm_portal.suppliers.domain.scorecard import Measure
from srm_portal.web.api import register_api
from srm_portal.web.panels import PanelBlock
from srm_portal.web.templating import NavEntry, add_nav


def _complaints(actor: Actor, supplier_id: str, _now: datetime) -> PanelBlock | None:
    """On a supplier's page: what customers complained of."""
    if not actor.may("customer:read"):
        return None
    found = queries.complaints_about(actor.organisation_id, supplier_id, 10)
    return (
        PanelBlock(_("Complaints of customers"), "customers/_complaints.html", {"complaints": found}) if found else None
    )


def _grievances(organisation_id: str, supplier_id: str, first: date, last: date) -> list[Measure]:
    """For a supplier's scorecard: each complaint of a customer in the period costs twenty points of quality."""
    found = [
        one for one in queries.complaints_about(organisation_id, supplier_id, 200) if first <= one.at.date() <= last
    ]
    if not found:
        return []
    mark = max(0, 100 - 20 * len(found))
    return [Measure("quality", mark, len(found), "customers_complained", (("count", str(len(found))),))]


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_api(app, api)
    suppliers.register_panel(app, _complaints)
    suppliers.register_performance_source(app, _grievances)
    add_nav(
        app, NavEntry("customers.index", _l("Customers"), "address-book", ("customer:read",), "/customers", position=60)
    )
