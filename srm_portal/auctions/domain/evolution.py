"""The fold (R1): the state before the first event, and what each event does to it.

`evolve` changes the state it is given; see `state.State` for who may hold it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import datetime, timedelta

from srm_portal.auctions.domain import clocks
from srm_portal.auctions.domain import events as happened
from srm_portal.auctions.domain.commands import BUYER
from srm_portal.auctions.domain.events import Event
from srm_portal.auctions.domain.metrics import cost
from srm_portal.auctions.domain.rules import Bidder, Lot, Rules
from srm_portal.auctions.domain.state import Bid, LotState, Proxy, Standing, State, entry, qualified


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
    """R45: nobody has accepted this tick any more, removed acceptances included (R60)."""
    for bidder in lot.bids:
        bid = lot.best(bidder)
        if bid is not None and bid.placed.tick == tick:
            _unrank(state, lot, bidder, bid)
            bid.live = False
            _rerank(state, lot, bidder)
        lot.stayed[bidder] = min(lot.stayed.get(bidder, 0), tick)


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
