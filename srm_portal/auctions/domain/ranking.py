"""Places: display ranks under each tie policy (R16), and a draft of a lot in which bids are tried out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass
from decimal import Decimal

from srm_portal.auctions.domain.metrics import Cost, cost
from srm_portal.auctions.domain.rules import Ties
from srm_portal.auctions.domain.state import Entry, LotState, State, entry


def position(ranked: list[Entry], bidder: str) -> int | None:
    """Place from 0 in the order of (metric, tie chain); O(bidders)."""
    for place, each in enumerate(ranked):
        if each[-1] == bidder:
            return place
    return None


def rank_at(ranked: list[Entry], place: int, ties: Ties) -> int:
    """The display rank of the entry at `place` (R16)."""
    if ties == "equal_best":
        return bisect_left(ranked, ranked[place][:1]) + 1
    if ties == "equal_worst":
        return bisect_right(ranked, ranked[place][0], key=lambda each: each[0])
    return place + 1


def rank_of(ranked: list[Entry], bidder: str, ties: Ties) -> int | None:
    place = position(ranked, bidder)
    return None if place is None else rank_at(ranked, place, ties)


@dataclass(frozen=True, slots=True)
class Moved:
    """What one bid did to the order: enough to judge every extension trigger (R24)."""

    rank: int
    led_before: bool
    leads: bool
    beats_other: bool


class Draft:
    """A lot's order with bids that are not events yet."""

    def __init__(self, state: State, lot: LotState) -> None:
        self._state = state
        self._lot = lot
        self.ranked = list(lot.ranked)
        self._entries: dict[str, Entry] = {}
        self._amounts: dict[str, Decimal] = {}

    def lead(self) -> tuple[str, Cost, Decimal] | None:
        """(bidder, cost, amount) of the first place."""
        if not self.ranked:
            return None
        first = self.ranked[0]
        amount = self.amount(first[-1])
        assert amount is not None
        return first[-1], first[0], amount

    def amount(self, bidder: str) -> Decimal | None:
        if bidder in self._amounts:
            return self._amounts[bidder]
        best = self._lot.best(bidder)
        return best.amount if best is not None else None

    def place(self, bidder: str, amount: Decimal, seq: int) -> Moved:
        """Try a bid out, with the tie stamp that R17 gives it."""
        value = cost(self._state.rules, self._lot.lot, self._state.bidders[bidder].bidder, amount)
        old = self._entry(bidder)
        before = len(self.ranked)
        stamp = seq
        if old is not None:
            before = bisect_left(self.ranked, old)
            del self.ranked[before]
            if old[0] == value:
                stamp = old[-3]
        new = entry(self._state, self._lot, bidder, value, stamp)
        insort(self.ranked, new)
        after = bisect_left(self.ranked, new)
        self._entries[bidder], self._amounts[bidder] = new, amount
        return Moved(
            rank_at(self.ranked, after, self._state.rules.ties),
            old is not None and before == 0,
            after == 0,
            after < before,
        )

    def rank(self, bidder: str) -> int | None:
        return rank_of(self.ranked, bidder, self._state.rules.ties)

    def _entry(self, bidder: str) -> Entry | None:
        if bidder in self._entries:
            return self._entries[bidder]
        best = self._lot.best(bidder)
        return None if best is None else entry(self._state, self._lot, bidder, best.cost, best.tie_seq)
