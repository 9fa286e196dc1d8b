"""What `offers` plugs in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from srm_portal.app.exchange import read_workbook
from srm_portal.bidding_lists import ports as bidding
from srm_portal.bidding_lists import queries as invitations
from srm_portal.bidding_lists.forms import INVITATION_STATES
from srm_portal.evaluation import queries as evaluation
from srm_portal.evaluation import services as evaluation_services
from srm_portal.exchange.domain.cells import Formula
from srm_portal.infra import gateways, jobs
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import queries, services
from srm_portal.offers.api import bp as api
from srm_portal.offers.jobs import mail_proofs, told
from srm_portal.offers.ports import Link, SheetReader, bind_scores, register_selection_link
from srm_portal.offers.views import bp
from srm_portal.sourcing import ports as sourcing
from srm_portal.sourcing import queries as projects
from srm_portal.sourcing.queries import EventView, ProjectView
from srm_portal.suppliers import ports as suppliers
from srm_portal.web.api import register_api
from srm_portal.web.panels import PanelBlock


def sheet_rows(data: bytes) -> list[list[Any]]:
    """The first sheet's rows; computed cells by the result that the workbook holds."""
    sheets = read_workbook(data)
    if not sheets:
        return []
    return [[cell.value if isinstance(cell, Formula) else cell for cell in row] for row in sheets[0].rows]


def own_panel(actor: Actor, event: EventView, now: datetime) -> dict[str, Any] | None:
    """ "Your offer" on the supplier's page of an event."""
    state, at = queries.own_summary(actor, event.id)
    return {
        "title": _("Your offer"),
        "template": "offers/_panel.html",
        "state": state,
        "at": at,
        "running": event.phase(now) == "open",
        "event_id": event.id,
    }


def scorecard_link(actor: Actor, project: ProjectView, _now: datetime) -> Link | None:
    """For evaluators of the project who do not see the comparison; buyers find their scorecard beside the ranking."""
    event = projects.main_event(project.id)
    if event is None or event.state not in ("technical", "opened") or not actor.may("score:edit"):
        return None
    if actor.may("offer:compare"):
        return None
    if all(one.user_id != actor.user_id for one in evaluation.evaluators(project.id)):
        return None
    url = url_for("evaluation.scorecard", project_id=project.id)
    return {"label": _("My scorecard"), "icon": "list", "url": url, "kind": "plain"}


def ranking_link(actor: Actor, project: ProjectView, _now: datetime) -> Link | None:
    event = projects.main_event(project.id)
    if event is None or event.state != "opened" or not actor.may("ranking:read"):
        return None
    url = url_for("evaluation.ranking", project_id=project.id)
    return {"label": _("Ranking"), "icon": "chart-bar", "url": url, "kind": "primary"}


def asked_panel(actor: Actor, supplier_id: str, now: datetime) -> PanelBlock | None:
    """On a supplier's page: where they were asked, and whether an offer stands."""
    asked = invitations.asked_of(actor.organisation_id, supplier_id) if actor.may("project:read") else []
    if not asked:
        return None
    handed_in = queries.handed_in(supplier_id, [event.id for _invitation, event in asked])
    facts = {"asked": asked, "handed_in": handed_in, "states": INVITATION_STATES, "now": now}
    return PanelBlock(_("Events and offers"), "offers/_of_supplier.html", facts, position=10)


def lock_marks(actor: Actor, project_id: str, now: datetime) -> None:
    """Between two envelopes: the marks of people become final, if that was not done before."""
    if not evaluation.technical_locked(project_id):
        evaluation_services.lock_technical(actor, project_id, now=now)


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_api(app, api)
    jobs.subscribe(app, "DeadlinePassed", "proofs", mail_proofs)
    jobs.register(app, "offers.told", told)
    gateways.bind(app, SheetReader, sheet_rows)  # type: ignore[type-abstract]
    sourcing.register_gate(app, "selection", queries.gate)
    sourcing.register_gate(app, "criteria", queries.openers_ready)
    sourcing.register_preparation(app, "event keys", services.make_event_keys)
    bind_scores(app, evaluation.scores_missing, lock_marks, evaluation.scores_digest)
    sourcing.register_fact(app, "selection", queries.fact_columns, queries.fact)
    sourcing.register_page(app, "selection", "offers.selection")
    bidding.register_supplier_panel(app, own_panel)
    suppliers.register_panel(app, asked_panel)
    register_selection_link(app, scorecard_link)
    register_selection_link(app, ranking_link)
