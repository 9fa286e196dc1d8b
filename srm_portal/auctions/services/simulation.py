"""Simulated bidders of a demonstration: plausible bids through the same door as everybody's.

Only auctions flagged as simulated, and marked so on every screen, are played. What a simulated bidder does follows from
the auction's id and the time alone, so that two processes cannot play against each other's whims.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from srm_portal.auctions import store
from srm_portal.auctions.domain import bounds, timing
from srm_portal.auctions.domain.accepting import clock_now
from srm_portal.auctions.domain.metrics import floor_tick
from srm_portal.auctions.domain.state import LotState
from srm_portal.auctions.models import Auction
from srm_portal.auctions.services.bidding import accept_price, place_bid
from srm_portal.auctions.store import Live
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor, system_actor

BEAT_S = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """What one simulated bidder does now."""

    alias: str
    lot: str
    amount: Decimal | None = None
    tick: int | None = None


def simulate(now: datetime) -> int:
    """Let the simulated bidders of open auctions act; returns how many bids were taken."""
    query = select(Auction.id, Auction.organisation_id, Auction.seq)
    rows = db.session.execute(
        query.where(Auction.state == "published", Auction.simulated, Auction.opens_at <= now)
    ).all()
    db.session.rollback()
    taken = 0
    for row in rows:
        known = store.live(row.id, row.seq)
        real = _people(row.organisation_id, known)
        for turn in turns(known, now, real):
            taken += _play(known, turn, row.organisation_id, now)
    return taken


def _people(organisation_id: str, known: Live) -> frozenset[str]:
    """Aliases that a person who can sign in plays: the machine leaves them alone."""
    found = identity.supplier_people(organisation_id, list(known.suppliers.values()))
    return frozenset(
        alias
        for alias, one in known.suppliers.items()
        if any(person.state == "active" for person in found.get(one, []))
    )


def turns(known: Live, now: datetime, played_by_people: frozenset[str]) -> list[Turn]:
    """Who acts in this beat. At most one bid a lot and beat."""
    beat = int(now.timestamp()) // BEAT_S
    found = []
    with known.lock:
        for name, lot in known.state.lots.items():
            if timing.takes_bids(known.state, lot, now) is not None or now < lot.open:
                continue
            if known.story and (last := _last_bid(known, name)) is not None and (now - last).total_seconds() < BEAT_S:
                continue
            names = [alias for alias in known.suppliers if alias not in played_by_people]
            turn = _turn(known, lot, names, beat, now)
            if turn is not None:
                found.append(turn)
    return found


def _last_bid(known: Live, lot: str) -> datetime | None:
    return next((mark.at for mark in reversed(known.story) if mark.kind == "bid" and mark.lot == lot), None)


def draw(*parts: object) -> Decimal:
    """A number from 0 to 1 that looks like chance and is none."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return Decimal(int.from_bytes(digest[:4], "big")) / Decimal(2**32)


def _turn(known: Live, lot: LotState, names: list[str], beat: int, now: datetime) -> Turn | None:
    if not names:
        return None
    if known.state.rules.has_clock:
        return _clock_turn(known, lot, names, now)
    if draw(known.id, lot.lot.id, beat) > Decimal("0.6"):
        return None
    leader = lot.leader()
    waiting = [name for name in names if name != leader] or names
    name = waiting[int(draw(known.id, lot.lot.id, beat, "who") * len(waiting)) % len(waiting)]
    amount = _next_amount(known, lot, name, beat)
    return None if amount is None else Turn(name, lot.lot.id, amount=amount)


def _start(known: Live, lot: LotState) -> Decimal:
    facts = known.lot_facts[lot.lot.id]
    base = lot.lot.ceiling or (Decimal(facts["baseline"]) if facts["baseline"] else None)
    bids = [bid.amount for each in lot.bids.values() for bid in each if bid.seq == 0]
    return base or (max(bids) if bids else Decimal(100000))


def _next_amount(known: Live, lot: LotState, name: str, beat: int) -> Decimal | None:
    rules, start = known.state.rules, _start(known, lot)
    floor = start * (Decimal("0.80") + draw(known.id, lot.lot.id, name) * Decimal("0.10"))
    limit = bounds.next_valid(known.state, lot, name)
    own = lot.best(name)
    if own is None and limit is None:
        limit = start * (Decimal("0.97") + draw(known.id, name) * Decimal("0.02"))
    lead = lot.lead()
    wanted = (lead.amount if lead is not None else start) * (1 - draw(known.id, name, beat) * Decimal("0.008"))
    amount = min(limit, wanted) if limit is not None else wanted
    amount = floor_tick(amount.quantize(rules.tick), rules.tick, rules.sign)
    return amount if amount >= floor else None


def _clock_turn(known: Live, lot: LotState, names: list[str], now: datetime) -> Turn | None:
    tick, price = clock_now(known.state, lot, now)
    for name in names:
        mine = draw(known.id, lot.lot.id, name)
        if known.state.rules.dutch is not None and known.state.rules.format == "dutch":
            clock = known.state.rules.dutch
            wish = clock.start + (clock.cap - clock.start) * (Decimal("0.45") + mine / 2)
            if price >= wish and lot.best(name) is None:
                return Turn(name, lot.lot.id, tick=tick)
        else:
            assert known.state.rules.japanese is not None
            floor = known.state.rules.japanese.start * (Decimal("0.80") + mine * Decimal("0.12"))
            if price >= floor and lot.stayed.get(name, 0) == tick:
                return Turn(name, lot.lot.id, tick=tick)
    return None


def _play(known: Live, turn: Turn, organisation_id: str, now: datetime) -> int:
    actor = _puppet(organisation_id, known.suppliers[turn.alias])
    key = f"sim-{turn.alias}-{turn.lot}-{int(now.timestamp() * 1000)}"
    try:
        if turn.tick is not None:
            accept_price(actor, known.id, turn.lot, turn.tick, key=key, now=now)
        else:
            place_bid(actor, known.id, turn.lot, format(turn.amount or 0, "f"), key=key, confirm=True, now=now)
    except Refused:
        return 0
    return 1


def _puppet(organisation_id: str, supplier_id: str) -> Actor:
    roles: frozenset[str] = frozenset({"supplier_user"})
    actor = system_actor(organisation_id, "simulated bidder")
    return replace(actor, roles=roles, supplier_id=supplier_id, may_bid=True)
