"""The comparison's cells as words and numbers of the reader's language, for `ui.price_cell`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from srm_portal.offers.domain.comparison import PAYMENT, VALIDITY, Cell, Column, Comparison, Deviation
from srm_portal.web import formats
from srm_portal.web.i18n import language


def price(value: Decimal) -> str:
    """A unit price: two digits, more where they are needed, no currency (the table says it once)."""
    exponent = value.normalize().as_tuple().exponent
    return formats.number(value, language(), max(2, -exponent if isinstance(exponent, int) else 2))


def share(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = formats.percent(value, language())
    return f"+{text}" if value > 0 else text


def popover_id(opened_id: str, subject: str) -> str:
    return f"dev-{opened_id}-{subject}"


def price_cell(cell: Cell, opened_id: str) -> dict[str, Any]:
    if cell.state == "miss":
        used = _("est. %(value)s used", value=price(cell.value)) if cell.value is not None else _("nobody quotes it")
        return {"state": "miss", "value": None, "note": used, "popover": None}
    assert cell.value is not None
    notes = {"lowest_if_accepted": _("lowest if accepted"), "rejected": _("deviation rejected")}
    note = notes.get(cell.note) or share(cell.share)
    if cell.deviation is not None and cell.deviation.ruling == "accepted":
        note = _("deviation accepted") if cell.state != "best" else _("best, deviation accepted")
    return {
        "state": cell.state,
        "value": price(cell.value),
        "note": note if cell.state != "best" or cell.deviation is not None else None,
        "popover": popover_id(opened_id, cell.deviation.subject) if cell.deviation else None,
    }


def total_cell(column: Column) -> dict[str, Any]:
    cell = column.total_cell
    note = share(cell.share)
    if column.estimated:
        note = " · ".join(filter(None, [note, _("%(count)s estimated", count=column.estimated)]))
    shown = formats.number(column.total, language(), 2)
    return {"state": cell.state, "value": shown, "note": None if cell.state == "best" else note, "popover": None}


def landed_cell(column: Column) -> dict[str, Any]:
    cell, said = column.landed_cell, sum(column.offer.costs.values(), Decimal(0))
    note = _("of it %(amount)s on top", amount=formats.number(said, language(), 2)) if said else _("nothing stated")
    shown = formats.number(column.landed, language(), 2)
    return {"state": cell.state, "value": shown, "note": note, "popover": None}


def lead_cell(column: Column) -> dict[str, Any]:
    if column.lead_days is None:
        return {"state": "miss", "value": _("not stated"), "note": None, "popover": None}
    cell = column.lead_cell
    note = None if cell.state == "best" else share(cell.share) or None
    return {"state": cell.state, "value": str(column.lead_days), "note": note, "popover": None}


def term_cell(column: Column, subject: str) -> dict[str, Any]:
    """Payment days or the end of validity: as asked, or a deviation."""
    cell = column.payment_cell if subject == PAYMENT else column.validity_cell
    if cell.state == "miss":
        return {"state": "miss", "value": _("not stated"), "note": None, "popover": None}
    notes = {
        "as_asked": _("as asked"),
        "deviates": _("deviates"),
        "accepted": _("deviation accepted"),
        "rejected": _("deviation rejected"),
    }
    if subject == PAYMENT:
        value = _("%(days)s d", days=column.offer.payment_days)
    else:
        assert column.offer.validity_on is not None
        value = formats.day(column.offer.validity_on, language())
    popover = popover_id(column.offer.id, subject) if cell.deviation else None
    return {"state": cell.state, "value": value, "note": notes.get(cell.note), "popover": popover}


def record_cell(column: Column) -> dict[str, Any]:
    if column.offer.record is None:
        return {"state": "miss", "value": _("no history"), "note": None, "popover": None}
    return {"state": column.record_cell.state, "value": str(column.offer.record), "note": None, "popover": None}


def pill(column: Column) -> tuple[str, str]:
    """(words, tone) under the supplier's name."""
    if column.offer.knocked_out:
        return _("excluded: %(criteria)s", criteria=", ".join(column.offer.knocked_out)), "bad"
    if column.compliant:
        return _("Compliant"), "good"
    if column.open_deviations:
        count = column.open_deviations
        return (_("1 deviation") if count == 1 else _("%(count)s deviations", count=count)), "warn"
    if column.estimated:
        return _("%(count)s not quoted", count=column.estimated), "warn"
    return _("deviation rejected"), "warn"


def deviations(whole: Comparison) -> list[dict[str, Any]]:
    """Every deviation of the shown columns, open ones first, with what it is about."""
    lines = {row.line.id: row for row in whole.rows}
    places = {column.offer.id: at for at, column in enumerate(whole.columns)}
    found = [
        _told(column, one, lines.get(one.subject), places[column.offer.id], whole)
        for column in whole.columns
        for one in column.deviations
    ]
    return sorted(found, key=lambda one: bool(one["ruling"]))


def _told(column: Column, one: Deviation, row: Any, place: int, whole: Comparison) -> dict[str, Any]:
    if one.subject == PAYMENT:
        about = _("Payment")
        text = _(
            "%(offered)s days, asked %(asked)s", offered=column.offer.payment_days, asked=whole.wanted.payment_days
        )
    elif one.subject == VALIDITY:
        about, until = _("Validity"), whole.wanted.valid_until
        assert until is not None and column.offer.validity_on is not None
        text = _(
            "valid until %(offered)s, asked %(asked)s",
            offered=formats.day(column.offer.validity_on, language()),
            asked=formats.day(until, language()),
        )
    else:
        about, text = row.line.title, one.text
    return {
        "id": popover_id(column.offer.id, one.subject),
        "opened_id": column.offer.id,
        "subject": one.subject,
        "supplier": column.offer.name,
        "about": about,
        "text": text,
        "ruling": one.ruling,
        "effect": _effect(row, place) if row is not None else "",
    }


def _effect(row: Any, place: int) -> str:
    """What the deviating price means for the line: more or less than the best without deviation."""
    cell = row.cells[place]
    if row.best is None or cell.value is None:
        return ""
    amount = (cell.value - row.best) * row.line.quantity
    text = formats.number(abs(amount), language(), 2)
    if amount < 0:
        return _("%(amount)s less on this line than the best offer without deviation", amount=text)
    return _("%(amount)s more on this line than the best offer without deviation", amount=text) if amount else ""
