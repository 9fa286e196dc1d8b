"""What `sourcing` plugs in."""

from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from srm_portal.customers import ports as customers
from srm_portal.infra import jobs
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import ports, queries
from srm_portal.sourcing.api import bp as api
from srm_portal.sourcing.domain.stages import Blocker
from srm_portal.sourcing.services.events import announce_deadline
from srm_portal.sourcing.views import bp
from srm_portal.web import names
from srm_portal.web.api import register_api
from srm_portal.web.errors import sentence
from srm_portal.web.panels import PanelBlock
from srm_portal.web.templating import NavEntry, add_nav


def step_bar(project: queries.ProjectView) -> list[dict[str, Any]]:
    """For `{{ ui.steps(step_bar(project)) }}` on every page of a project."""
    return [
        {
            "label": names.STAGE_NAMES[step.stage],
            "fact": step.fact,
            "state": step.state,
            "url": url_for(step.endpoint, project_id=project.id) if step.state != "later" else None,
        }
        for step in queries.steps(project)
    ]


def blocker_text(blocker: Blocker) -> str:
    return sentence(blocker.code, **dict(blocker.facts))


def _needs_panel(actor: Actor, customer_id: str, _now: datetime) -> PanelBlock | None:
    found = queries.projects_for(actor, customer_id=customer_id)
    return PanelBlock(_("Needs"), "sourcing/_needs.html", {"projects": found}, position=10) if found else None


def _start_panel(actor: Actor, opportunity_id: str, _now: datetime) -> PanelBlock | None:
    found = queries.projects_for(actor, opportunity_id=opportunity_id)
    facts = {"projects": found, "may_start": actor.may("need:edit"), "opportunity_id": opportunity_id}
    if not found and not facts["may_start"]:
        return None
    return PanelBlock(_("Start a need"), "sourcing/_start_need.html", facts, aside=True, position=10)


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    register_api(app, api)
    jobs.register(app, "sourcing.deadline", announce_deadline)
    ports.register_page(app, "need", "sourcing.project")
    ports.register_fact(app, "need", queries.need_state_of, lambda state: names.NEED_STATES[state])
    customers.register_panel(app, _needs_panel)
    customers.register_opportunity_panel(app, _start_panel)
    app.jinja_env.globals.update(step_bar=step_bar, names=names, blocker_text=blocker_text)
    add_nav(
        app, NavEntry("sourcing.projects", _l("Projects"), "briefcase", ("project:read",), "/projects", position=10)
    )
