"""What `awards` plugs in."""

from datetime import datetime

from flask import Flask
from flask_babel import gettext as _

from srm_portal.awards import queries
from srm_portal.awards.views import bp
from srm_portal.customers import ports as customers
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import ports as suppliers
from srm_portal.web.panels import PanelBlock

TEMPLATE = "awards/_panel.html"


def _won(actor: Actor, supplier_id: str, _now: datetime) -> PanelBlock | None:
    """On a supplier's page: what they won."""
    found = queries.of_supplier(actor.organisation_id, supplier_id) if actor.may("contract:read") else []
    return PanelBlock(_("Awards"), TEMPLATE, {"awards": found}, position=20) if found else None


def _served(actor: Actor, customer_id: str, _now: datetime) -> PanelBlock | None:
    """On a customer's page: what was awarded for them, in the projects that the reader may see."""
    projects = sourcing.projects_for(actor, customer_id=customer_id)
    found = queries.of_projects([one.id for one in projects])
    return PanelBlock(_("Awards"), TEMPLATE, {"awards": found}, position=20) if found else None


def _deliveries(actor: Actor, customer_id: str, _now: datetime) -> list[customers.Delivery]:
    """What a customer may complain of: awards of the projects that serve them."""
    projects = {one.id: one for one in sourcing.projects_for(actor, customer_id=customer_id)}
    return [
        customers.Delivery(award.project_id, supplier, f"{projects[award.project_id].reference} {name}")
        for award in queries.of_projects(projects)
        if award.state == "approved"
        for supplier, name in sorted(award.suppliers.items(), key=lambda pair: pair[1])
    ]


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    suppliers.register_panel(app, _won)
    customers.register_panel(app, _served)
    customers.register_deliveries(app, _deliveries)
