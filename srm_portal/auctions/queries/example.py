"""What bidders will see: an auction that is not open yet, played a little by the engine itself, in memory only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from srm_portal.auctions import store
from srm_portal.auctions.domain import bidding, bounds, clocks
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.engine import decide
from srm_portal.auctions.domain.evolution import start
from srm_portal.auctions.domain.metrics import floor_tick
from srm_portal.auctions.domain.rules import Bidder, Rules
from srm_portal.auctions.domain.rules_reading import lot_from_json
from srm_portal.auctions.domain.state import LotState
from srm_portal.auctions.store import Live, Seal

SCENES = ("open", "bidding", "closed")
_UNKNOWN = Decimal(100_000)


def unplayed(known: Live) -> Live:
    """The same auction before anything happened."""
    fresh = _live(known.id, known.title, known.reference, known.initial, list(known.lot_facts.values()), known.bidders)
    fresh.suppliers, fresh.seal = known.suppliers, known.seal
    return fresh


def planned(title: str, rules: Rules, lots: Sequence[dict[str, Any]], bidders: Sequence[Bidder]) -> Live:
    """An auction that is not stored yet."""
    return _live("", title, "", rules, lots, bidders)


def _live(
    auction_id: str, title: str, reference: str, rules: Rules, lots: Sequence[dict[str, Any]], bidders: Sequence[Bidder]
) -> Live:  # fmt: skip
    engine = tuple(lot_from_json(each["engine"], each["engine"]["id"], rules) for each in lots)
    people = tuple(bidders)
    return Live(
        auction_id, "", "", title, reference, rules, engine, {each["engine"]["id"]: each for each in lots}, people,
        {}, start(rules, engine, people), rules.practice, Seal(auction_id, "", ""),
    )  # fmt: skip


def played(known: Live, scene: str, after_each: Callable[[datetime], None] | None = None) -> datetime:
    """Play an unplayed auction up to a scene; returns the moment of the scene. `after_each` hears of every act."""
    first = next(iter(known.state.lots.values()))
    if scene == "open":
        return first.open + timedelta(seconds=1)
    moment = first.open
    for recv, asked in _acts(known):
        answer = decide(known.state, asked, recv)
        if isinstance(answer, list):
            store.take(known, known.seq + 1, recv, asked.do, "", answer, "")
            moment = recv
            if after_each is not None:
                after_each(recv)
    if scene == "closed":
        return max(lot.close for lot in known.state.lots.values()) + timedelta(seconds=known.state.rules.review_s + 1)
    return moment + timedelta(seconds=2)


def _acts(known: Live) -> Iterator[tuple[datetime, Command]]:
    rules = known.state.rules
    if rules.has_clock:
        yield from sorted(_on_the_clock(known), key=lambda act: act[0])
    elif rules.format == "rounds":
        yield from _in_turns(known)
    else:
        yield from _freely(known)


def _on_the_clock(known: Live) -> Iterator[tuple[datetime, Command]]:
    """Dutch: the price climbs thrice, then the first accepts. Japanese: the last bidder leaves after one step."""
    names = [each.id for each in known.bidders]
    for lot in known.state.lots.values():
        if known.state.rules.format == "dutch":
            assert known.state.rules.dutch is not None
            tick = min(3, clocks.dutch_last_tick(known.state.rules.dutch, known.state.rules.sign))
            at = lot.grid + timedelta(seconds=known.state.rules.dutch.tick_s * tick + 1)
            yield at, Command("accept", names[0], lot.lot.id, tick=tick)
            continue
        assert known.state.rules.japanese is not None
        for tick in range(3):
            for place, name in enumerate(names if tick == 0 else names[: max(len(names) - 1, 2)]):
                at = lot.grid + timedelta(seconds=known.state.rules.japanese.tick_s * tick, milliseconds=500 + place)
                yield at, Command("accept", name, lot.lot.id, tick=tick)


def _in_turns(known: Live) -> Iterator[tuple[datetime, Command]]:
    turns = known.state.rules.turns
    for place in range(2):
        for lot in known.state.lots.values():
            at = lot.grid + timedelta(seconds=turns.first_pause_s + turns.turn_s * place + 5)
            name = bidding.whose_turn(known.state, lot, at)
            if name is not None:
                yield at, Command("bid", name, lot.lot.id, amount=_amount(known, lot, name, place), confirm=True)


def _freely(known: Live) -> Iterator[tuple[datetime, Command]]:
    """Two bids each, in turn, within the first half."""
    for number in range(len(known.bidders) * 2):
        for lot in known.state.lots.values():
            beat = (lot.close - lot.open) / (len(known.bidders) * 4 + 1)
            name = known.bidders[number % len(known.bidders)].id
            at = lot.open + beat * (number + 1)
            yield at, Command("bid", name, lot.lot.id, amount=_amount(known, lot, name, number), confirm=True)


def _amount(known: Live, lot: LotState, name: str, number: int) -> str:
    """A plausible next bid: about a percent better than the one before, and valid."""
    rules, facts = known.state.rules, known.lot_facts[lot.lot.id]
    base = lot.lot.ceiling or (Decimal(facts["baseline"]) if facts["baseline"] else _UNKNOWN)
    wanted = (
        base * (Decimal("0.99") - Decimal("0.008") * number)
        if rules.sign > 0
        else base * (1 + Decimal("0.01") * number)
    )
    valid = bounds.next_valid(known.state, lot, name)
    amount = wanted if valid is None else bounds.tighter(rules, valid, wanted)
    assert amount is not None
    return format(floor_tick(amount.quantize(rules.tick), rules.tick, rules.sign), "f")
