"""The folded state of one auction.

Single writer: `evolve` changes the state it is given and returns it; `engine.decide` only reads. Whoever needs an
unchanging picture takes `copy()`, or folds the log again. Nothing is copied per bid.
"""

from __future__ import annotations

from copy import copy as shallow
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from srm_portal.auctions.domain import events as happened
from srm_portal.auctions.domain.events import Receipt
from srm_portal.auctions.domain.metrics import Cost
from srm_portal.auctions.domain.rules import Bidder, Lot, Rules

Entry = tuple[Any, ...]
"""(cost, the tie chain's parts, bidder's order, bidder's id): the sort key of a ranked bid, unique in its lot."""


@dataclass(slots=True)
class Bid:
    """A bid as it stands in its lot. `tie_seq` is the time stamp ties are broken on (R17)."""

    placed: happened.BidPlaced
    cost: Cost
    tie_seq: int
    live: bool = True
    removed: str | None = None
    withdrawn: bool = False

    @property
    def amount(self) -> Decimal:
        return self.placed.amount

    @property
    def seq(self) -> int:
        return self.placed.seq


@dataclass(slots=True)
class Proxy:
    """A bidder's hidden limit (R53, R55); `seq` says who began."""

    limit: Decimal
    step: Decimal
    seq: int


@dataclass(slots=True)
class LotState:
    """One lot as it stands. `close` is the closing time if nothing more happens."""

    lot: Lot
    index: int
    open: datetime
    close: datetime
    scheduled: datetime
    grid: datetime
    extensions: int = 0
    extended_from: datetime | None = None
    paused_at: datetime | None = None
    ended: str | None = None
    seal_opened: datetime | None = None
    qualified: frozenset[str] | None = None
    live_stage: bool = False
    bids: dict[str, list[Bid]] = field(default_factory=dict)
    by_seq: dict[int, Bid] = field(default_factory=dict)
    ranked: list[Entry] = field(default_factory=list)
    proxies: dict[str, Proxy] = field(default_factory=dict)
    stayed: dict[str, int] = field(default_factory=dict)
    taken: Decimal = Decimal(0)

    def best(self, bidder: str) -> Bid | None:
        """The bidder's one live bid (R7)."""
        for bid in reversed(self.bids.get(bidder, ())):
            if bid.live:
                return bid
        return None

    def leader(self) -> str | None:
        return self.ranked[0][-1] if self.ranked else None

    def lead(self) -> Bid | None:
        leader = self.leader()
        return self.best(leader) if leader is not None else None


@dataclass(slots=True)
class Standing:
    """A participant's rights: the terms they accepted, and whether they are blocked."""

    bidder: Bidder
    order: int
    accepted_version: int = 1
    blocked: bool = False


@dataclass(slots=True)
class State:
    """One auction. `required_version` is the terms version a bidder must have accepted to bid (R2).

    `acts` counts accepted commands per person, a surrogate bid with its bidder.
    """

    rules: Rules
    lots: dict[str, LotState]
    bidders: dict[str, Standing]
    version: int = 1
    required_version: int = 1
    seq: int = 0
    receipts: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)

    def copy(self) -> State:
        """A picture that later events do not change. O(everything); not for the bid path."""
        lots = {}
        for name, lot in self.lots.items():
            twin = shallow(lot)
            fresh = {id(bid): shallow(bid) for bids in lot.bids.values() for bid in bids}
            twin.bids = {bidder: [fresh[id(bid)] for bid in bids] for bidder, bids in lot.bids.items()}
            twin.by_seq = {seq: fresh[id(bid)] for seq, bid in lot.by_seq.items()}
            twin.ranked, twin.proxies, twin.stayed = list(lot.ranked), dict(lot.proxies), dict(lot.stayed)
            lots[name] = twin
        bidders = {name: shallow(standing) for name, standing in self.bidders.items()}
        return replace(self, lots=lots, bidders=bidders, receipts=dict(self.receipts), acts=dict(self.acts))


def entry(state: State, lot: LotState, bidder: str, value: Cost, tie_seq: int) -> Entry:
    """The sort key of a bid: the metric, then the published tie chain (R7, R17)."""
    standing = state.bidders[bidder]
    chain = state.rules.tie_chain
    if chain == ("metric", "seq"):
        return (value, tie_seq, standing.order, bidder)
    parts = [tie_seq if part == "seq" else -standing.bidder.quality for part in chain if part != "metric"]
    return (value, *parts, tie_seq, standing.order, bidder)


def is_blind(state: State, lot: LotState) -> bool:
    """Sealed and not in a live stage: bids are revised freely, nobody sees them before the opening (R51)."""
    return state.rules.format == "sealed" and not lot.live_stage


LIVE_AT_LEAST = 3


def qualified(state: State, lot: LotState) -> tuple[str, ...] | None:
    """R52: the best and those within x percent of it, at least three; None where no live stage is chosen so."""
    percent = state.rules.closed_then_open_percent
    if percent is None:
        return None
    if not lot.ranked:
        return ()
    best = Fraction(lot.ranked[0][0])
    reach = best + abs(best) * Fraction(percent) / 100
    return tuple(
        each[-1] for place, each in enumerate(lot.ranked) if place < LIVE_AT_LEAST or Fraction(each[0]) <= reach
    )
