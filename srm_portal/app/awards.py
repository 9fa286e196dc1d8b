"""What `awards` plugs in."""

from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from srm_portal.awards import jobs, queries
from srm_portal.awards.services import wording
from srm_portal.awards.views import bp
from srm_portal.bidding_lists import ports as bidding
from srm_portal.customers import ports as customers
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import ports as projects
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView
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


def _rule(_actor: Actor, event: EventView, _now: datetime) -> dict[str, Any] | None:
    """On the supplier's page of an event: the rule that was promised."""
    promise = (event.publication or {}).get("award_rule")
    if not promise:
        return None
    text = wording.promise(promise)
    return {"title": _("How the award is decided"), "template": "awards/_rule_panel.html", "text": text}


def _decision(actor: Actor, event: EventView, _now: datetime) -> dict[str, Any] | None:
    """There too: the letter, once the award is decided."""
    letters = queries.debriefs_of(actor, event.project_id)
    if not letters:
        return None
    return {"title": _("The decision"), "template": "awards/_decision_panel.html", "letters": letters}


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    jobs.register(app)
    projects.register_publication_part(app, "award_rule", queries.published_part)
    bidding.register_supplier_panel(app, _rule)
    bidding.register_supplier_panel(app, _decision)
    suppliers.register_panel(app, _won)
    customers.register_panel(app, _served)
    customers.register_deliveries(app, _deliveries)
