"""What `contracts` plugs in."""

from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from srm_portal.awards import queries as awards
from srm_portal.contracts import queries
from srm_portal.contracts.services.drafting import draft_decided
from srm_portal.contracts.views import bp
from srm_portal.infra import jobs
from srm_portal.sourcing import ports
from srm_portal.sourcing.domain.stages import Blocker
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


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    jobs.subscribe(app, "AwardDecided", "contracts", draft_decided)
    ports.register_page(app, "contract", "contracts.step")
    ports.register_gate(app, "contract", _gate)
    ports.register_fact(app, "contract", _fact_columns, _fact)
    add_nav(
        app, NavEntry("contracts.index", _l("Contracts"), "file-text", ("contract:read",), "/contracts", position=40)
    )
