"""How lots stand or ended: rankings, winners, package lines (R40, R58, R59)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from srm_portal.auctions.domain import timing
from srm_portal.auctions.domain.bounds import better_or_equal
from srm_portal.auctions.domain.metrics import Cost
from srm_portal.auctions.domain.ranking import rank_at
from srm_portal.auctions.domain.rules import Package
from srm_portal.auctions.domain.state import Bid, LotState, State, is_blind


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of a ranking."""

    bidder: str
    rank: int
    amount: Decimal
    cost: Cost
    seq: int
    quantity: Decimal | None = None


def ranking(state: State, lot: LotState) -> list[Placed]:
    """The lot's order; empty while sealed values are unopened (R51)."""
    if is_blind(state, lot) and lot.seal_opened is None:
        return []
    rows = []
    for place, each in enumerate(lot.ranked):
        bid = _bid_of(lot, each[-1], each[-3])
        rows.append(
            Placed(
                each[-1],
                rank_at(lot.ranked, place, state.rules.ties),
                bid.amount,
                bid.cost,
                bid.tie_seq,
                bid.placed.quantity,
            )
        )
    return rows


def _bid_of(lot: LotState, bidder: str, tie_seq: int) -> Bid:
    for bid in reversed(lot.bids[bidder]):
        if bid.live and bid.tie_seq == tie_seq:
            return bid
    raise AssertionError(bidder)


def reserve_met(state: State, lot: LotState) -> bool | None:
    """Whether the best bid reaches the reserve; None where there is no reserve."""
    reserve = lot.lot.reserve
    if reserve is None:
        return None
    lead = lot.lead()
    return lead is not None and better_or_equal(state.rules, lead.amount, reserve)


def winners(state: State, lot: LotState, moment: datetime) -> list[str]:
    """Who won, best first; nobody before the close, without bids (R59), or where the reserve is not met."""
    if timing.phase(state, lot, moment) != "closed" or reserve_met(state, lot) is False:
        return []
    rows = ranking(state, lot)
    names = [row.bidder for row in rows]
    return list(dict.fromkeys(names)) if state.rules.format == "dutch" else names[:1]


@dataclass(frozen=True, slots=True)
class PackageRow:
    bidder: str
    rank: int
    amount: Decimal


def package_ranking(state: State, package: Package) -> list[PackageRow]:
    """R58: the rank of the sum over all its lots, of bidders who bid on each; ties by who completed it first."""
    sums: list[tuple[Decimal, int, int, str]] = []
    lots = [state.lots[name] for name in package.lots if name in state.lots]
    if any(is_blind(state, lot) and lot.seal_opened is None for lot in lots):
        return []
    for name, standing in state.bidders.items():
        bids = [lot.best(name) for lot in lots]
        found = [bid for bid in bids if bid is not None]
        if found and len(found) == len(package.lots):
            total = sum((bid.amount for bid in found), Decimal(0)) * state.rules.sign
            sums.append((total, max(bid.tie_seq for bid in found), standing.order, name))
    sums.sort()
    totals = [each[0] for each in sums]
    return [
        PackageRow(name, _package_rank(state, totals, place), total * state.rules.sign)
        for place, (total, _, _, name) in enumerate(sums)
    ]


def _package_rank(state: State, totals: list[Decimal], place: int) -> int:
    if state.rules.ties == "equal_best":
        return bisect_left(totals, totals[place]) + 1
    if state.rules.ties == "equal_worst":
        return bisect_right(totals, totals[place])
    return place + 1
