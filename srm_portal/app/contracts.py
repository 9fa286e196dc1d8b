"""What `contracts` plugs in."""

from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from srm_portal.awards import queries as awards
from srm_portal.contracts import queries
from srm_portal.contracts.api import bp as api
from srm_portal.contracts.services import approval, paper, running
from srm_portal.contracts.services.drafting import draft_decided
from srm_portal.contracts.views import bp
from srm_portal.customers import ports as customers
from srm_portal.infra import jobs
from srm_portal.infra.moment import app_now
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import ports
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.stages import Blocker
from srm_portal.suppliers import ports as suppliers
from srm_portal.suppliers.domain.scorecard import Measure
from srm_portal.web.api import register_api
from srm_portal.web.panels import PanelBlock
from srm_portal.web.templating import NavEntry, add_nav


def _gate(project_id: str, _now: datetime) -> list[Blocker]:
    award, contracts = awards.award(project_id), queries.for_project(project_id)
    blockers = []
    if award is None or award.state != "approved":
        blockers.append(Blocker("award_missing"))
    if not contracts or any(one.state in ("draft", "in_approval") for one in contracts):
        blockers.append(Blocker("contract_not_approved"))
    return blockers


def _fact_columns(project_id: str) -> list[Select[Any]]:
    return [queries.first_reference(project_id), awards.state(project_id)]


def _fact(reference: str | None, award: str | None) -> str:
    return reference or (_("award decided") if award == "approved" else "")


def _held(actor: Actor, supplier_id: str, now: datetime) -> PanelBlock | None:
    """On a supplier's page."""
    found = queries.of_supplier(actor.organisation_id, supplier_id) if actor.may("contract:read") else []
    return _panel(found, now)


def _served(actor: Actor, customer_id: str, now: datetime) -> PanelBlock | None:
    """On a customer's page: contracts of what is bought for them."""
    if not actor.may("contract:read"):
        return None
    return _panel(queries.of_projects([one.id for one in sourcing.projects_for(actor, customer_id=customer_id)]), now)


def _panel(found: list[queries.ContractView], now: datetime) -> PanelBlock | None:
    facts = {"contracts": found, "now": now}
    return PanelBlock(_("Contracts"), "contracts/_panel.html", facts, position=30) if found else None


def _duties(organisation_id: str, supplier_id: str, first: date, last: date) -> list[Measure]:
    """For the scorecard: duties of contracts that the supplier kept in time."""
    kept, due = queries.duties_kept(organisation_id, supplier_id, first, min(last, app_now().date()))
    if not due:
        return []
    return [Measure("delivery", round(100 * kept / due), 1, "duties_kept", (("part", str(kept)), ("of", str(due))))]


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_api(app, api)
    jobs.register(app, approval.REMIND_JOB, approval.remind)
    jobs.register(app, running.DAILY_JOB, running.daily)
    jobs.register(app, running.DATES_JOB, running.remind_dates)
    jobs.register(app, paper.PDF_JOB, paper.make_pdf)
    jobs.subscribe(app, "AwardDecided", "contracts", draft_decided)
    ports.register_page(app, "contract", "contracts.step")
    ports.register_gate(app, "contract", _gate)
    ports.register_fact(app, "contract", _fact_columns, _fact)
    suppliers.register_performance_source(app, _duties)
    suppliers.register_panel(app, _held)
    customers.register_panel(app, _served)
    add_nav(
        app,
        NavEntry("contracts.mine", _l("Contracts"), "file-text", ("own_supplier:read",), "/s/contracts", position=40),
    )
    add_nav(
        app, NavEntry("contracts.index", _l("Contracts"), "file-text", ("contract:read",), "/contracts", position=40)
    )
