"""What `customers` plugs in."""

from datetime import datetime

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from srm_portal.customers import queries
from srm_portal.customers.api import bp as api
from srm_portal.customers.views import bp
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import ports as suppliers
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


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_api(app, api)
    suppliers.register_panel(app, _complaints)
    add_nav(
        app, NavEntry("customers.index", _l("Customers"), "address-book", ("customer:read",), "/customers", position=60)
    )
