"""From a project, its suppliers and the buyer's settings to a whole auction that is not stored yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from srm_portal.auctions.domain.linter import Warned
from srm_portal.auctions.domain.rules import Bidder, Lot, Package, Rules, Weighted
from srm_portal.auctions.domain.rules_reading import lot_from_json
from srm_portal.auctions.domain.rules_writing import lot_to_json
from srm_portal.auctions.policy import advise
from srm_portal.auctions.services.settings import Problems, Settings, rules_of
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import LineView, LotView, ProjectView
from srm_portal.suppliers import queries as suppliers

PARTICIPANTS_MAX = 1000
OVERRIDDEN = ("rank_needs_bidders", "lead_price_needs_bidders")


@dataclass(frozen=True, slots=True)
class Planned:
    """An auction as it would be: frozen rules, the stored form of its lots, its bidders in the order of `suppliers`."""

    project: ProjectView
    event_id: str | None
    rules: Rules
    lots: tuple[dict[str, Any], ...]
    bidders: tuple[Bidder, ...]
    suppliers: tuple[str, ...]
    warned: tuple[Warned, ...]


def plan_auction(
    actor: Actor, project_id: str, given: Settings, *, now: datetime, supplier_ids: Sequence[str] | None = None
) -> Planned:
    """Check everything that was set. Raises Invalid with every wrong value, Refused("project_is_closed")."""
    project = sourcing.project_for(actor, project_id)
    if project.archived or project.cancelled_at is not None:
        raise Refused("project_is_closed")
    event = sourcing.main_event(project_id)
    chosen, prices = _participants(actor, project_id, event.id if event else None, supplier_ids)
    rules = rules_of(given, project.currency)
    bidders = tuple(_bidder(place, each, given, prices, rules) for place, each in enumerate(chosen))
    problems = Problems()
    if given.opens_at is None:
        problems.add("opens_at", "required")
    elif given.opens_at < now:
        problems.add("opens_at", "opening_is_past")
    if not 1 <= len(chosen) <= PARTICIPANTS_MAX:
        problems.add("suppliers", "no_participants")
    problems.stop()
    assert given.opens_at is not None
    lots = _lots(project, sourcing.lots(project_id), sourcing.lines(project_id), given, rules)
    if given.package and len(lots) > 1 and not rules.has_clock and rules.metric == "price":
        rules = replace(rules, packages=(Package("P1", tuple(lot["engine"]["id"] for lot in lots)),))
    return Planned(
        project, event.id if event else None, rules, tuple(lots), bidders, tuple(chosen),
        tuple(advice(rules, lots, bidders)),
    )  # fmt: skip


def advice(rules: Rules, lots: Sequence[dict[str, Any]], bidders: Sequence[Bidder]) -> list[Warned]:
    """The warnings of `policy.advise` for lots as they are stored."""
    engine = [lot_from_json(lot["engine"], lot["engine"]["id"], rules) for lot in lots]
    today = [Decimal(lot["baseline"]) if lot["baseline"] else None for lot in lots]
    return advise(rules, engine, bidders, today)


def needs_a_reason(warned: Sequence[Warned]) -> list[str]:
    """The codes that are only allowed with a reason (R14)."""
    return sorted({each.code for each in warned} & set(OVERRIDDEN))


def alias(place: int) -> str:
    """A, B ... Z, AA, AB ..."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _bidder(place: int, supplier_id: str, given: Settings, prices: dict[str, Decimal], rules: Rules) -> Bidder:
    return Bidder(
        alias(place),
        given.factors.get(supplier_id, Decimal(0)),
        given.additions.get(supplier_id, Decimal(0)),
        given.qualities.get(supplier_id, Decimal(0)),
        start_price=None if rules.has_clock else {**prices, **given.start_prices}.get(supplier_id),
    )


def _participants(
    actor: Actor, project_id: str, event_id: str | None, given: Sequence[str] | None
) -> tuple[list[str], dict[str, Decimal]]:
    opened = offers.opened(event_id) if event_id else []
    lots = sourcing.lots(project_id)
    prices = {each.supplier_id: each.total for each in opened if each.total is not None and len(lots) == 1}
    if given is None:
        return [each.supplier_id for each in opened if not each.knocked_out], prices
    cards = suppliers.suppliers(set(given))
    wrong = [each for each in given if each not in cards or cards[each].organisation_id != actor.organisation_id]
    if wrong or len(set(given)) != len(given):
        raise Invalid([FieldProblem("suppliers", "unknown_supplier", value=", ".join(wrong))])
    return list(given), prices


def baseline(lot_id: str, lines: Sequence[LineView]) -> Decimal | None:
    """What the lot costs today: quantity times price of its lines; None where a price is missing."""
    own = [line for line in lines if line.lot_id == lot_id]
    if not own or any(line.baseline_price is None for line in own):
        return None
    return sum((line.quantity * (line.baseline_price or Decimal(0)) for line in own), Decimal(0))


def _lots(
    project: ProjectView, lots: Sequence[LotView], lines: Sequence[LineView], given: Settings, rules: Rules
) -> list[dict[str, Any]]:
    """Each lot with its engine facts; a project without lots is one lot of its own."""
    assert given.opens_at is not None
    close = given.opens_at + timedelta(minutes=given.minutes)
    made = []
    for number, lot in enumerate(lots, 1):
        today = baseline(lot.id, lines)
        engine = Lot(
            f"L{number}", given.opens_at, close, given.ceiling, given.reserve, Decimal(1), _scale(given, today, rules)
        )
        made.append(
            {
                "engine": lot_to_json(engine),
                "lot_id": lot.id,
                "number": lot.number,
                "title": lot.title or project.title,
                "baseline": None if today is None else format(today, "f"),
            }
        )
    if not made:
        raise Invalid([FieldProblem("title", "no_lots")])
    return made


def _scale(given: Settings, today: Decimal | None, rules: Rules) -> Weighted | None:
    """R20: the published ends of the price scale; without own figures today's price and half of it."""
    if rules.metric != "weighted":
        return None
    top = given.ceiling or today or Decimal(100)
    floor = given.floor or top / 2
    if floor >= top:
        raise Invalid([FieldProblem("floor", "floor_not_below_ceiling", value=format(floor, "f"))])
    return Weighted(top, floor, given.price_weight or Decimal(60))
