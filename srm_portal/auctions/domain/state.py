"""The folded state of one auction.

Single writer: `evolve` changes the state it is given and returns it; `engine.decide` only reads. Whoever needs an
unchanging picture takes `copy()`, or folds the log again. Nothing is copied per bid.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from copy import copy as shallow
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from srm_portal.auctions.domain import clocks
from srm_portal.auctions.domain import events as happened
from srm_portal.auctions.domain.commands import BUYER
from srm_portal.auctions.domain.events import Event, Receipt
from srm_portal.auctions.domain.metrics import Cost, cost
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


def start(rules: Rules, lots: Iterable[Lot], bidders: Iterable[Bidder]) -> State:
    """The state before the first event: lots with their times (R57), bidders with their starting offers."""
    accepted = 0 if rules.terms_first else 1
    state = State(rules, {}, {each.id: Standing(each, order, accepted) for order, each in enumerate(bidders)})
    previous: LotState | None = None
    for index, lot in enumerate(lots):
        opened, close = _first_times(state, lot, index, previous)
        previous = LotState(lot, index, opened, close, close, opened)
        state.lots[lot.id] = previous
        if not rules.has_clock:
            _place_starting_offers(state, previous)
        if rules.format == "english" and previous.ranked:
            chosen = qualified(state, previous)
            previous.qualified = None if chosen is None else frozenset(chosen)
    return state


def _first_times(state: State, lot: Lot, index: int, previous: LotState | None) -> tuple[datetime, datetime]:
    rules, timing = state.rules, state.rules.lots_timing
    opened, close = lot.open, lot.close
    if timing.kind == "serial" and previous is not None:
        opened = previous.close + timedelta(seconds=timing.gap_s)
        close = opened + (lot.close - lot.open)
    elif timing.kind == "staggered" and previous is not None:
        close = previous.close + timedelta(seconds=timing.spacing_s)
    return opened, clocks.close_without_acts(rules, len(state.bidders), opened) or close


def _place_starting_offers(state: State, lot: LotState) -> None:
    for name, standing in state.bidders.items():
        price = standing.bidder.start_price
        if price is not None:
            _add_bid(state, lot, happened.BidPlaced(0, lot.lot.id, name, price, lot.open))


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


def fold(state: State, events: Iterable[Event]) -> State:
    for event in events:
        evolve(state, event)
    return state


def evolve(state: State, event: Event) -> State:
    """Apply one event in place and return the state. O(log bidders) for a bid."""
    match event:
        case happened.BidPlaced():
            _add_bid(state, state.lots[event.lot], event)
        case happened.Receipt():
            state.seq = max(state.seq, event.seq)
            if not (event.by == BUYER and event.do == "bid"):
                _count_act(state, event.by)
            if event.key is not None:
                state.receipts[(event.by, event.key)] = event
        case happened.LotTimed():
            _set_times(state.lots[event.lot], event)
        case happened.ProxySet():
            state.lots[event.lot].proxies[event.bidder] = Proxy(event.limit, event.step, event.seq)
            state.seq = max(state.seq, event.seq)
        case happened.ProxyCancelled():
            state.lots[event.lot].proxies.pop(event.bidder, None)
        case happened.BidRemoved():
            _remove_bid(state, event)
        case happened.BidWithdrawn():
            _withdraw(state, event)
        case happened.BidderBlocked():
            state.bidders[event.bidder].blocked = event.blocked
        case happened.TermsAccepted():
            state.bidders[event.bidder].accepted_version = event.version
        case happened.RulesChanged():
            state.rules, state.version = event.rules, event.version
            if event.material:
                state.required_version = event.version
            _rank_again(state)
        case happened.OutageNoted():
            pass
        case _:
            _evolve_lot(state, state.lots[event.lot], event)
    return state


def _evolve_lot(state: State, lot: LotState, event: Event) -> None:
    match event:
        case happened.LotEnded():
            lot.ended, lot.paused_at = event.cause, None
        case happened.LotPaused():
            lot.paused_at = event.recv
        case happened.LotResumed():
            lot.paused_at = None
            if event.void_tick is not None:
                _void_tick(state, lot, event.void_tick)
        case happened.LotReopened():
            lot.ended = None
        case happened.SealOpened():
            lot.seal_opened = event.recv
            if event.qualified is not None:
                lot.qualified, lot.live_stage = frozenset(event.qualified), True
        case _:
            raise AssertionError(event)


def _count_act(state: State, who: str) -> None:
    state.acts[who] = state.acts.get(who, 0) + 1


def _set_times(lot: LotState, event: happened.LotTimed) -> None:
    lot.open, lot.close, lot.scheduled, lot.grid = event.open, event.close, event.scheduled, event.grid
    if event.extended_from is not None:
        lot.extensions += 1
        lot.extended_from = event.extended_from


def entry(state: State, lot: LotState, bidder: str, value: Cost, tie_seq: int) -> Entry:
    """The sort key of a bid: the metric, then the published tie chain (R7, R17)."""
    standing = state.bidders[bidder]
    chain = state.rules.tie_chain
    if chain == ("metric", "seq"):
        return (value, tie_seq, standing.order, bidder)
    parts = [tie_seq if part == "seq" else -standing.bidder.quality for part in chain if part != "metric"]
    return (value, *parts, tie_seq, standing.order, bidder)


def _add_bid(state: State, lot: LotState, placed: happened.BidPlaced) -> None:
    bidder = placed.bidder
    value = cost(state.rules, lot.lot, state.bidders[bidder].bidder, placed.amount)
    old = lot.best(bidder)
    if old is not None and state.rules.format != "dutch":
        _unrank(state, lot, bidder, old)
    tie_seq = old.tie_seq if old is not None and old.cost == value and state.rules.format != "dutch" else placed.seq
    bid = Bid(placed, value, tie_seq)
    lot.bids.setdefault(bidder, []).append(bid)
    lot.by_seq[placed.seq] = bid
    insort(lot.ranked, entry(state, lot, bidder, value, tie_seq))
    state.seq = max(state.seq, placed.seq)
    if placed.author is not None:
        _count_act(state, bidder)
    if placed.tick is not None and state.rules.format == "japanese":
        lot.stayed[bidder] = placed.tick + 1
    if placed.quantity is not None:
        lot.taken += placed.quantity


def _unrank(state: State, lot: LotState, bidder: str, bid: Bid) -> None:
    key = entry(state, lot, bidder, bid.cost, bid.tie_seq)
    place = bisect_left(lot.ranked, key)
    assert lot.ranked[place] == key
    del lot.ranked[place]


def _rerank(state: State, lot: LotState, bidder: str) -> None:
    bid = lot.best(bidder)
    if bid is not None:
        insort(lot.ranked, entry(state, lot, bidder, bid.cost, bid.tie_seq))


def _remove_bid(state: State, event: happened.BidRemoved) -> None:
    """Struck through and kept; the bidder's bid before it stands again (R60)."""
    lot = state.lots[event.lot]
    bid = lot.by_seq[event.seq]
    shown = lot.best(event.bidder)
    if bid is shown or (state.rules.format == "dutch" and bid.live):
        _unrank(state, lot, event.bidder, bid)
    bid.live, bid.removed = False, event.reason
    if bid is shown and state.rules.format != "dutch":
        _rerank(state, lot, event.bidder)
    if bid.placed.quantity is not None:
        lot.taken -= bid.placed.quantity


def _withdraw(state: State, event: happened.BidWithdrawn) -> None:
    lot = state.lots[event.lot]
    bid = lot.best(event.bidder)
    if bid is not None:
        _unrank(state, lot, event.bidder, bid)
    for each in lot.bids.get(event.bidder, ()):
        if each.live:
            each.live, each.withdrawn = False, True


def _void_tick(state: State, lot: LotState, tick: int) -> None:
    for bidder, bids in lot.bids.items():
        bid = lot.best(bidder)
        if bid is not None and bid.placed.tick == tick:
            _unrank(state, lot, bidder, bid)
            bid.live = False
            lot.stayed[bidder] = tick
            _rerank(state, lot, bidder)
        assert bids


def _rank_again(state: State) -> None:
    """Metrics and tie keys after a change of the rules."""
    for lot in state.lots.values():
        lot.ranked = []
        for bidder, bids in lot.bids.items():
            for bid in bids:
                bid.cost = cost(state.rules, lot.lot, state.bidders[bidder].bidder, bid.amount)
            shown = bids if state.rules.format == "dutch" else [lot.best(bidder)]
            for each in shown:
                if each is not None and each.live:
                    insort(lot.ranked, entry(state, lot, bidder, each.cost, each.tie_seq))
