"""What `exchange` plugs in."""

from datetime import datetime

from flask import Flask
from flask_babel import lazy_gettext as _l

from srm_portal.adapters.registers import registers
from srm_portal.exchange import queries
from srm_portal.exchange.ports import RegisterBook, Sheet, WorkbookReader
from srm_portal.exchange.views import bp
from srm_portal.infra import gateways
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import panels


def _source_panel(actor: Actor, project_id: str, _now: datetime) -> panels.PanelBlock | None:
    source = queries.source_of(sourcing.project(project_id))
    return panels.PanelBlock(_l("Imported from"), "exchange/_source.html", {"source": source}) if source else None


def read_workbook(data: bytes) -> tuple[Sheet, ...]:
    """The library for workbooks comes in with the first one."""
    from srm_portal.adapters import spreadsheets

    return spreadsheets.read_workbook(data)


def wire(app: Flask) -> None:
    app.register_blueprint(bp)
    gateways.bind(app, WorkbookReader, read_workbook)
    gateways.bind(app, RegisterBook, registers)
    panels.register(app, "project", _source_panel)
    app.jinja_env.globals.update(may_be_exported=queries.may_be_exported)
