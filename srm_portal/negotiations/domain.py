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


@dataclass(frozen=True, slots=True)
class Move:
    """One offer or counter-offer for one lot, in the project's currency."""

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
