"""What a published event asks of a supplier: lines to price, questions to answer, terms to meet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from srm_portal.kernel.canonical import parse_moment

ASKED_KINDS = ("points", "number", "yes_no", "choice", "date", "file", "life_cycle")
"""Kinds of criteria that a supplier answers: a document by the name of an attached file, a life-cycle cost by the cost
of one year; prices are computed from the lines."""
NUMBERS = frozenset({"number", "life_cycle"})

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class LineAsked:
    id: str
    lot: int
    number: int
    title: str
    description: str
    quantity: Decimal
    unit: str
    needed_on: date | None


@dataclass(frozen=True, slots=True)
class LotAsked:
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Question:
    """A published leaf criterion, `commercial` when its answer goes into the price envelope.

    `knock_out` holds any of `min`, `max` (texts of numbers) and `must` (answers).
    """

    id: str
    name: str
    description: str
    kind: str
    unit: str
    choices: tuple[str, ...]
    knock_out: Mapping[str, Any]
    commercial: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `currency` is `rate` units of the event's, as `source` said on that day; published with the event."""

    currency: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class Asked:
    """`payment_days`: the days net that were asked, None when left open. `rates`: other currencies that are taken."""

    currency: str
    lots: tuple[LotAsked, ...]
    lines: tuple[LineAsked, ...]
    questions: tuple[Question, ...]
    payment_days: int | None
    validity_days: int
    deadline_at: datetime | None
    rates: tuple[Rate, ...] = ()

    def rate_of(self, currency: str) -> Rate | None:
        """The published rate of another currency; None for the event's own and for one that is not taken."""
        return next((one for one in self.rates if one.currency == currency), None)

    def valid_until(self) -> date | None:
        """The first day on which an offer may end: so many days after the deadline."""
        if self.deadline_at is None:
            return None
        return (self.deadline_at + timedelta(days=self.validity_days)).date()


def read_publication(publication: Mapping[str, Any], *, deadline_at: datetime | None = None) -> Asked:
    """What the publication asks. `deadline_at` replaces the published deadline after an amendment."""
    published = publication.get("deadline")
    return Asked(
        currency=publication["currency"],
        lots=tuple(LotAsked(lot["number"], lot["title"]) for lot in publication.get("lots", [])),
        lines=tuple(_line(line) for line in publication.get("lines", [])),
        questions=_questions(publication.get("criteria") or {}),
        payment_days=publication.get("payment_days"),
        validity_days=publication.get("validity_days") or 0,
        deadline_at=deadline_at or (parse_moment(published) if published else None),
        rates=tuple(
            Rate(one["currency"], Decimal(one["rate"]), date.fromisoformat(one["on"]), one["source"])
            for one in publication.get("rates", [])
        ),
    )


def broken_knock_out(question: Question, text: str) -> bool:
    """Whether an answer is one that the published knock-out excludes; no answer to such a question is excluded too."""
    rule = question.knock_out
    must = rule.get("must")
    if must:
        accepted = must if isinstance(must, (list, tuple)) else [must]
        if text not in {str(one) for one in accepted}:
            return True
    if rule.get("needed") and not text:
        return True
    if rule.get("min") is None and rule.get("max") is None:
        return False
    if question.kind not in ("number", "date"):
        return False
    value = as_number(text) if question.kind == "number" else _as_day(text)
    least, most = as_number(rule.get("min")), as_number(rule.get("max"))
    return value is None or (least is not None and value < least) or (most is not None and value > most)


def as_number(text: object) -> Decimal | None:
    """A plain number ("12", "-0.5"), or None."""
    return Decimal(str(text)) if _NUMBER.fullmatch(str(text)) else None


def _as_day(text: str) -> Decimal | None:
    """A date as its ordinal, which is what bounds of dates are written in."""
    try:
        return Decimal(date.fromisoformat(text).toordinal())
    except ValueError:
        return None


def _line(plain: Mapping[str, Any]) -> LineAsked:
    needed = plain.get("needed_on")
    return LineAsked(
        plain["id"],
        plain["lot"],
        plain["number"],
        plain["title"],
        plain.get("description", ""),
        Decimal(plain["quantity"]),
        plain["unit"],
        date.fromisoformat(needed) if needed else None,
    )


def _questions(criteria: Mapping[str, Any]) -> tuple[Question, ...]:
    items = criteria.get("items") or []
    groups = {item.get("parent") for item in items}
    return tuple(
        Question(
            item["id"],
            item["name"],
            item.get("description") or "",
            item["kind"],
            item.get("unit") or "",
            tuple(_choice(choice) for choice in item.get("choices") or ()),
            item.get("knock_out") or {},
            item.get("envelope") == "commercial",
        )
        for item in items
        if item["kind"] in ASKED_KINDS and item["id"] not in groups
    )


def _choice(choice: Any) -> str:
    """A choice is a text, or a pair or record that begins with one."""
    if isinstance(choice, Mapping):
        return str(choice.get("name") or choice.get("text") or choice.get("answer") or "")
    return str(choice[0]) if isinstance(choice, (list, tuple)) else str(choice)
