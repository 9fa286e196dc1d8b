"""A negotiation held face to face: its life, its ledger, and how far each side moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from srm_portal.kernel.lifecycle import Lifecycle

LIFE = Lifecycle(
    {
        "planned": ("held", "cancelled"),
        "held": ("minuted",),
        "minuted": ("confirmed", "held"),
        "confirmed": (),
        "cancelled": (),
    }
)
Side = Literal["buyer", "supplier"]
POINT_KINDS = ("lead_days", "payment_days", "percent", "number")
"""What a point beside the prices is counted in; delivery days count in the score where a criterion looks at them."""


@dataclass(frozen=True, slots=True)
class Move:
    """One offer or counter-offer: for one lot in the project's currency, or on another point (`lot_id` is its id)."""

    lot_id: str
    side: Side
    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Concession:
    """How one lot went: first and last amount of the supplier, and the step between as a share of the first."""

    lot_id: str
    first: Decimal
    last: Decimal
    share: Decimal


def last_by_supplier(moves: Sequence[Move]) -> dict[str, Decimal]:
    """The supplier's latest amount for each lot: what stands at the end of the talk."""
    latest: dict[str, Move] = {}
    for move in moves:
        if move.side == "supplier" and (move.lot_id not in latest or move.at >= latest[move.lot_id].at):
            latest[move.lot_id] = move
    return {lot_id: move.amount for lot_id, move in latest.items()}


def concessions(moves: Sequence[Move]) -> list[Concession]:
    """The supplier's way from first to last offer, lot by lot."""
    found = []
    for lot_id in dict.fromkeys(move.lot_id for move in moves):
        own = sorted((m for m in moves if m.lot_id == lot_id and m.side == "supplier"), key=lambda m: m.at)
        if own and own[0].amount > 0:
            share = (own[0].amount - own[-1].amount) / own[0].amount
            found.append(Concession(lot_id, own[0].amount, own[-1].amount, share.quantize(Decimal("0.0001"))))
    return found


@dataclass(frozen=True, slots=True)
class Curve:
    """How two sides came together on one point: (x, y) in a box of 100 x 60, and the lines of one's own goals."""

    lines: dict[str, tuple[tuple[float, float], ...]]
    goals: dict[str, float]
    low: Decimal
    high: Decimal


def curve(moves: Sequence[Move], goals: dict[str, Decimal | None]) -> Curve | None:
    """The offers on one point in their order, each side a line; None below two offers. Goals are drawn where given."""
    if len(moves) < 2:
        return None
    held = {name: value for name, value in goals.items() if value is not None}
    amounts = [move.amount for move in moves] + list(held.values())
    low, high = min(amounts), max(amounts)
    span = high - low or Decimal(1)

    def height(amount: Decimal) -> float:
        return round(float((high - amount) / span) * 52 + 4, 2)

    lines: dict[str, list[tuple[float, float]]] = {}
    for place, move in enumerate(moves):
        x = round(4 + place * 92 / (len(moves) - 1), 2)
        lines.setdefault(move.side, []).append((x, height(move.amount)))
    shown = {side: tuple(points) for side, points in lines.items()}
    return Curve(shown, {name: height(value) for name, value in held.items()}, low, high)
