"""What later rooms plug into a supplier's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from flask import Flask, current_app

from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain.scorecard import Measure
from srm_portal.web import panels
from srm_portal.web.panels import PanelBlock, PanelSource

RECORD = "supplier"


def register_panel(app: Flask, source: PanelSource) -> None:
    """`source(actor, supplier_id, now)` gives a block for the supplier's page, or None."""
    panels.register(app, RECORD, source)


def panel_blocks(actor: Actor, supplier_id: str, now: datetime) -> list[PanelBlock]:
    return panels.blocks(RECORD, actor, supplier_id, now)


PerformanceSource = Callable[[str, str, date, date], list[Measure]]
"""(organisation, supplier, first day, last day) -> what another room saw of the supplier in that time."""
_SOURCES = "srm_performance_sources"


def register_performance_source(app: Flask, source: PerformanceSource) -> None:
    app.extensions.setdefault(_SOURCES, []).append(source)


def measures_elsewhere(organisation_id: str, supplier_id: str, first: date, last: date) -> list[Measure]:
    sources: list[PerformanceSource] = current_app.extensions.get(_SOURCES, [])
    return [measure for source in sources for measure in source(organisation_id, supplier_id, first, last)]


ProjectSource = Callable[[Actor, str], dict[str, str]]
"""(actor, supplier) -> projects of which both sides know, id -> how people call it."""
_PROJECTS = "srm_shared_projects"


def register_projects(app: Flask, source: ProjectSource) -> None:
    app.extensions[_PROJECTS] = source


def shared_projects(actor: Actor, supplier_id: str) -> dict[str, str]:
    """Projects that may be named in messages: those to which the supplier was invited."""
    source: ProjectSource | None = current_app.extensions.get(_PROJECTS)
    return source(actor, supplier_id) if source else {}


def may_speak_of(actor: Actor, supplier_id: str, project_id: str) -> bool:
    return project_id in shared_projects(actor, supplier_id)
