"""What an amendment changes of a publication: the new version, and the difference that everybody sees."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from srm_portal.kernel.errors import FieldProblem

FIELDS = ("instructions", "terms", "payment_days", "validity_days")
LINE_FIELDS = ("description", "quantity")


def amended(
    publication: Mapping[str, Any], values: Mapping[str, Any], lines: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(the new publication, the changes in its order). `lines`: line id -> new texts; what is not named stays.

    A change is {"what", "line" (its number, or None), "before", "after"} with texts for values.
    """
    after = dict(publication)
    changes: list[dict[str, Any]] = []
    for name in FIELDS:
        if name in values and values[name] != publication.get(name):
            changes.append(_change(name, None, publication.get(name), values[name]))
            after[name] = values[name]
    after["lines"] = [_line(line, lines.get(line["id"], {}), changes) for line in publication.get("lines", [])]
    return after, changes


def _line(line: Mapping[str, Any], new: Mapping[str, str], changes: list[dict[str, Any]]) -> dict[str, Any]:
    made = dict(line)
    for name in LINE_FIELDS:
        if name not in new or _same(name, line.get(name, ""), new[name]):
            continue
        changes.append(_change(name, line["number"], line.get(name, ""), new[name]))
        made[name] = new[name]
    return made


def _same(name: str, before: str, after: str) -> bool:
    return Decimal(before) == Decimal(after) if name == "quantity" else before == after


def _change(what: str, line: int | None, before: Any, after: Any) -> dict[str, Any]:
    return {"what": what, "line": line, "before": _text(before), "after": _text(after)}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def problems(lines: Mapping[str, Mapping[str, str]], known: Mapping[str, int]) -> list[FieldProblem]:
    """Unknown lines and quantities that are none; `known`: line id -> number."""
    found = []
    for line_id, new in lines.items():
        if line_id not in known:
            found.append(FieldProblem("line", "unknown_line", value=line_id))
            continue
        text = new.get("quantity")
        if text is None:
            continue
        try:
            good = 0 < Decimal(text) < Decimal(10) ** 12
        except InvalidOperation:
            good = False
        if not good:
            found.append(FieldProblem(f"quantity-{line_id}", "not_positive", known[line_id], text))
    return found
