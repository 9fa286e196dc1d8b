"""Step 5: numbers and the opening before, the comparison after."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.infra.sheets import xlsx_bytes
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.money import plain
from srm_portal.offers import ports, queries, services
from srm_portal.offers.domain.asked import read_publication
from srm_portal.offers.domain.comparison import Comparison, MadeIn, Row
from srm_portal.offers.forms import RulingForm
from srm_portal.offers.views import bp, cells
from srm_portal.offers.views.answers import XLSX, attachment
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.paging import page_of

Answer = str | Response | tuple[str, int]
COLUMNS_MAX = 5
ROWS = ("all", "differences", "deviations")
ROWS_A_PAGE = 100


@bp.get("/projects/<project_id>/selection")
@requires("project:read")
def selection(project_id: str) -> str:
    actor, now = current_actor(), request_now()
    project = sourcing.project_for(actor, project_id)
    event = sourcing.main_event(project_id)
    common: dict[str, Any] = {"project": project, "event": event, "links": ports.selection_links(actor, project, now)}
    common["ceremony"] = queries.ceremony(event) if event is not None and event.level == "S2" else None
    if event is None or event.state == "draft":
        return render_template("offers/before.html", phase="draft", counts=None, **common)
    if event.state == "technical" and actor.may("offer:compare"):
        assert event.publication is not None
        services.note_sight(actor, event, "technical", now=now)
        return render_template(
            "offers/technical.html",
            offers=queries.technical(event.id),
            not_opened=queries.not_opened(event.id),
            opening=queries.opening(event.id),
            locked=queries.scores_locked(event.id),
            missing=ports.scores_missing(project_id, now),
            asked=read_publication(event.publication, deadline_at=event.deadline_at),
            **common,
        )
    if event.state != "opened":
        counts = queries.counts(event.id)
        return render_template("offers/before.html", phase=event.phase(now), counts=counts, **common)
    if not actor.may("offer:compare"):
        return render_template("offers/before.html", phase="opened", counts=None, **common)
    services.note_sight(actor, event, "prices", now=now)
    found = queries.selection(event, _chosen())
    whole = found.comparison
    asked_for = request.args.get("rows", "all")
    rows = asked_for if asked_for in ROWS else "all"
    page, shown = page_of(request.args, ROWS_A_PAGE), _rows(whole, rows)
    return render_template(
        "offers/compare.html",
        comparison=whole,
        groups=_groups(event, shown[page.offset : page.offset + page.size]),
        rows=rows,
        page=page.of(len(shown)),
        opening=found.opening,
        not_opened=found.not_opened,
        suppliers=[(one.supplier_id, one.name) for one in whole.everybody],
        cards=ports.selection_cards(actor, project, now),
        wanted=whole.wanted,
        beside=queries.beside(event.id),
        titles={row.line.id: row.line.title for row in whole.rows},
        cells=cells,
        row_url=lambda kind: url_for("offers.selection", project_id=project_id, rows=kind, c=_chosen()),
        **common,
    )


def _chosen() -> list[str] | None:
    """`?c=<supplier>&c=...`: the columns asked for, at most five; None for the first five."""
    return request.args.getlist("c")[:COLUMNS_MAX] or None


def _rows(whole: Comparison, rows: str) -> list[Row]:
    """The rows of a filter, by lot."""
    found = [row for row in whole.rows if rows == "all" or (row.differs if rows == "differences" else row.deviates)]
    return sorted(found, key=lambda row: row.line.lot)


def _groups(event: sourcing.EventView, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows under the heads of their lots."""
    assert event.publication is not None
    titles = {lot["number"]: lot["title"] for lot in event.publication["lots"]}
    groups: dict[int, dict[str, Any]] = {}
    for row in rows:
        lot = row.line.lot
        groups.setdefault(lot, {"number": lot, "title": titles.get(lot, ""), "rows": []})["rows"].append(row)
    return [groups[lot] for lot in sorted(groups)]


@bp.post("/projects/<project_id>/selection/open")
@requires("offer:open")
def open_offers(project_id: str) -> Answer:
    actor = current_actor()
    sourcing.project_for(actor, project_id)
    event = sourcing.main_event(project_id)
    if event is None or not ActForm().validate_on_submit():
        raise NotFound
    opened = services.open_offers(actor, event.id, now=request_now())
    problems = queries.not_opened(event.id)
    flash(_("%(count)s offers are opened. The act is in the journal with your name.", count=opened), "success")
    for one in problems:
        flash(_("%(name)s: %(why)s", name=one.supplier_name, why=sentence(one.problem)), "error")
    return redirect(url_for("offers.selection", project_id=project_id))


@bp.post("/projects/<project_id>/selection/<opened_id>/<subject>")
@requires("project:edit")
def rule(project_id: str, opened_id: str, subject: str) -> Answer:
    """Accept or reject a deviation."""
    actor, form = current_actor(), RulingForm()
    sourcing.project_for(actor, project_id)

    def act() -> None:
        services.rule_deviation(
            actor, opened_id, subject, form.ruling.data or "", note=form.note.data or "", now=request_now()
        )

    if form.apply(act):
        flash(_("Noted. The comparison counts it from now on."), "success")
    else:
        flash(" ".join(str(text) for texts in form.errors.values() for text in texts), "error")
    back = url_for("offers.selection", project_id=project_id)
    asked = request.form.get("back", "")
    return redirect(asked if asked.startswith(back) else back)


@bp.get("/projects/<project_id>/selection.xlsx")
@requires("offer:compare")
def comparison_sheet(project_id: str) -> Response:
    """The whole comparison, every offer a column; best, deviations and estimates in words."""
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    event = sourcing.main_event(project_id)
    whole = queries.comparison(event.id, everybody=True) if event is not None else None
    if whole is None or event is None:
        raise NotFound
    services.note_sight(actor, event, "export", now=request_now())
    headings = [_("Line"), _("Lot"), _("Item"), _("Quantity"), _("Unit")]
    for column in whole.columns:
        headings += [f"{column.offer.name} ({whole.currency})", _("Remark")]
    data = xlsx_bytes(event.reference, headings, _sheet_rows(whole))
    return attachment(data, f"{project.reference}-{_('comparison')}.xlsx", XLSX)


def _sheet_rows(whole: Comparison) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for row in whole.rows:
        line = row.line
        cells: list[Any] = [line.number, line.lot, line.title, line.quantity, str(UNITS.get(line.unit, line.unit))]
        for cell in row.cells:
            cells += [None if cell.state == "miss" else cell.value, _remark(cell, cell.value)]
        rows.append(cells)
    totals = [(one.total, _best(one.total_cell.state)) for one in whole.columns]
    rows.append(_whole_row(_("Total, like for like"), totals))
    if whole.has_costs:
        landed = [(one.landed, _best(one.landed_cell.state)) for one in whole.columns]
        rows.append(_whole_row(_("Landed cost"), landed))
    rates = [one.offer.made_in for one in whole.columns]
    if any(rates):
        rows.append(_whole_row(_("Rate used"), [(_rate(one), "") for one in rates]))
    rows.append(_whole_row(_("Lead time (days)"), [(one.lead_days, "") for one in whole.columns]))
    rows.append(
        _whole_row(
            _("Payment (days net)"), [(one.offer.payment_days, _term(one.payment_cell.note)) for one in whole.columns]
        )
    )
    rows.append(
        _whole_row(_("Valid until"), [(one.offer.validity_on, _term(one.validity_cell.note)) for one in whole.columns])
    )
    return rows


def _whole_row(name: str, cells: Sequence[tuple[Any, str]]) -> list[Any]:
    return [None, None, name, None, None, *(value for pair in cells for value in pair)]


def _rate(made_in: MadeIn | None) -> str | None:
    if made_in is None:
        return None
    return f"{made_in.currency} {plain(made_in.rate)} ({made_in.on.isoformat()}, {made_in.source})"


def _best(state: str) -> str:
    return _("best") if state == "best" else ""


def _term(note: str) -> str:
    return {"as_asked": _("as asked"), "deviates": _("deviates"), "accepted": _("accepted")}.get(note, note)


def _remark(cell: Any, value: Decimal | None) -> str | None:
    if cell.state == "miss":
        return _("not quoted, estimated %(value)s", value=value) if value is not None else _("nobody quotes it")
    words = [_best(cell.state)]
    if cell.deviation is not None:
        ruling = {"accepted": _("accepted"), "rejected": _("rejected"), "": _("open")}[cell.deviation.ruling]
        words.append(_("deviation (%(ruling)s): %(text)s", ruling=ruling, text=cell.deviation.text))
    return "; ".join(word for word in words if word) or None
