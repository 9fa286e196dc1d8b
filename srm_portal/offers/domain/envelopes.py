"""Two envelopes: which part of an answer is technical, which is price, and how the two are one answer again.

Technical: deviations, remarks, alternatives, lead times, delivery, answers to technical questions. Price: unit prices,
what is not quoted, quantity breaks, currency, costs on top, payment, validity, answers to commercial questions. Files go
where the supplier put them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from srm_portal.offers.domain.sealing import Envelope

SINGLE: tuple[Envelope, ...] = ("single",)
TWO: tuple[Envelope, ...] = ("technical", "price")
_LINE: dict[Envelope, tuple[str, ...]] = {
    "technical": ("lead_days", "comment", "deviation", "alternative"),
    "price": ("unit_price", "not_quoted", "breaks", "alternative_price"),
}
_TERMS: dict[Envelope, tuple[str, ...]] = {
    "technical": ("delivery",),
    "price": ("payment_days", "validity_on", "currency", "freight", "duties", "one_off"),
}


def envelopes_of(kind: str) -> tuple[Envelope, ...]:
    """The envelopes of an event whose setting is `single` or `two`, in the order of their opening."""
    return TWO if kind == "two" else SINGLE


def part_of(
    answer: Mapping[str, Any], envelope: Envelope, commercial: Collection[str], files: Mapping[str, Envelope]
) -> dict[str, Any]:
    """One envelope's part of an answer's canonical value.

    `commercial`: ids of the questions whose answers are price. `files`: file id -> its envelope; a file without one is
    technical.
    """
    mine = {name: text for name, text in answer["questions"].items() if (name in commercial) == (envelope == "price")}
    part = {
        "lines": [{"line": one["line"]} | _named(one, _LINE[envelope]) for one in answer["lines"]],
        "terms": _named(answer["terms"], _TERMS[envelope]),
        "questions": mine,
        "files": [one for one in answer.get("files", []) if files.get(one, "technical") == envelope],
    }
    return part | ({"currency": answer["currency"]} if envelope == "price" else {})


def _named(said: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Of these names those that are said; what is rarely said is often absent."""
    return {name: said[name] for name in names if name in said}


def blank() -> dict[str, dict[str, Any]]:
    """What an envelope that is still sealed says of a line and of the terms: nothing."""
    return {
        "line": {"unit_price": None, "lead_days": None, "comment": "", "deviation": "", "not_quoted": False},
        "terms": {"payment_days": None, "validity_on": None, "delivery": ""},
    }


def joined(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """The answer's canonical value out of the parts that are open; what is still sealed is blank."""
    empty = blank()
    lines: dict[str, dict[str, Any]] = {}
    whole: dict[str, Any] = {"terms": empty["terms"], "questions": {}, "files": []}
    for part in parts:
        for one in part["lines"]:
            lines[one["line"]] = lines.get(one["line"], {"line": one["line"]} | empty["line"]) | one
        whole["terms"] = whole["terms"] | part["terms"]
        whole["questions"] = whole["questions"] | part["questions"]
        whole["files"] = [*whole["files"], *part["files"]]
        if "currency" in part:
            whole["currency"] = part["currency"]
    return whole | {"lines": list(lines.values())}
