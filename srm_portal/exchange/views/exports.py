"""What leaves: release packages and the templates of files that come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Response
from flask_babel import gettext as _

from srm_portal.exchange import queries
from srm_portal.exchange.domain.cells import Sheet
from srm_portal.exchange.domain.templates import (
    needs_template,
    suppliers_template,
)
from srm_portal.exchange.views import bp
from srm_portal.infra.sheets import SheetValue, csv_bytes, xlsx_bytes
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/projects/<project_id>/ocds.json")
@requires("project:export")
def ocds(project_id: str) -> Response:
    data = queries.export_of(current_actor(), project_id)
    reference = sourcing.project_for(current_actor(), project_id).reference
    return _attachment(data, "application/json", f"{reference}-ocds.json")


@bp.get("/import/templates/needs.xlsx")
@requires("import:run")
def needs_file() -> Response:
    sheet = needs_template(language())
    return _attachment(xlsx_bytes(sheet.name, *_table(sheet)), _XLSX, f"{_('needs')}.xlsx")


@bp.get("/import/templates/suppliers.csv")
@requires("import:run")
def suppliers_file() -> Response:
    return _attachment(
        csv_bytes(*_table(suppliers_template(language()))), "text/csv; charset=utf-8", f"{_('suppliers')}.csv"
    )


def _table(sheet: Sheet) -> tuple[list[str], list[Sequence[SheetValue]]]:
    """A template holds plain values only, no formulas."""
    return [str(cell) for cell in sheet.rows[0]], cast(list[Sequence[SheetValue]], list(sheet.rows[1:]))


def _attachment(data: bytes, media_type: str, name: str) -> Response:
    response = Response(data, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
