"""The buyer's board: all lots and bidders, savings, and the customer's price and margin beside each leading bid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from srm_portal.auctions import store
from srm_portal.auctions.domain.board import buyer_lot
from srm_portal.auctions.domain.public import is_hidden
from srm_portal.auctions.domain.results import package_ranking
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.rules_writing import rules_sha256
from srm_portal.auctions.domain.state import LotState
from srm_portal.auctions.models import Auction, AuctionParticipant
from srm_portal.auctions.queries.listing import phase_of
from srm_portal.auctions.queries.room import milliseconds
from srm_portal.auctions.store import Live, Mark
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import ProjectView
from srm_portal.suppliers import queries as suppliers

TONES = ("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8")
SPARK_MAX = 60


@dataclass(frozen=True, slots=True)
class BoardBidder:
    """One row of a lot's table. `name` is the alias alone on a blind board until the end."""

    supplier_id: str
    alias: str
    name: str
    rank: int | None
    amount: Decimal | None
    metric: str
    bids: int
    last_at: datetime | None
    saving: Decimal | None
    margin: Decimal | None
    blocked: bool
    accepted: bool


@dataclass(frozen=True, slots=True)
class BoardBid:
    seq: int
    at: datetime
    alias: str
    name: str
    amount: Decimal
    removed: str | None
    made: bool
    surrogate: bool


@dataclass(frozen=True, slots=True)
class BoardLot:
    """One lot; `price` and `margin` only where the customer's price is known, `spark` the falling of the best bid."""

    id: str
    number: int
    title: str
    state: str
    paused: bool
    opens_at: datetime
    opens_ms: int
    ends_ms: int
    ends_at: datetime
    extensions: int
    best: Decimal | None
    leader: str
    bid_count: int
    reserve_met: bool | None
    baseline: Decimal | None
    saving: Decimal | None
    price: Decimal | None
    price_is_share: bool
    margin: Decimal | None
    hidden: bool
    clock: dict[str, Any] | None
    bidders: tuple[BoardBidder, ...]
    bids: tuple[BoardBid, ...]
    winners: tuple[str, ...]
    spark: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BoardSum:
    """One bidder's sum over all lots of a package (R58)."""

    rank: int
    name: str
    amount: Decimal
    saving: Decimal | None


@dataclass(frozen=True, slots=True)
class BoardLine:
    seq: int
    at: datetime
    kind: str
    lot: str | None
    who: str
    amount: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the cockpit shows."""

    id: str
    project: ProjectView
    reference: str
    title: str
    profile: str
    state: str
    practice: bool
    simulated: bool
    blind: bool
    format: str
    currency: str
    rules: Rules
    rules_sha256: str
    seq: int
    opens_at: datetime
    closes_at: datetime
    server_ms: int
    lots: tuple[BoardLot, ...]
    total: Decimal | None
    baseline: Decimal | None
    saving: Decimal | None
    customer_price: Decimal | None
    margin: Decimal | None
    log: tuple[BoardLine, ...]
    participants: tuple[tuple[str, str, str, bool], ...]
    version: int
    head: str
    minutes_released_at: datetime | None
    masked: bool
    sums: tuple[BoardSum, ...]


def board(actor: Actor, auction_id: str, now: datetime) -> Board:
    """For staff of the auction's organisation; NotFound for everybody else."""
    row = store.auction_row(actor, auction_id)
    project = sourcing.project_for(actor, row.project_id)
    people = store.participants(row.id)
    known = store.live(row.id, row.seq)
    cards = suppliers.suppliers({person.supplier_id for person in people})
    with known.lock:
        state = phase_of(row.state, row.opens_at, row.closes_at, now, known)
        return _drawn(row, project, people, known, {key: card.name for key, card in cards.items()}, state, now)


def board_then(actor: Actor, row: Auction, known: Live, at: datetime) -> Board:
    """The board as it was: `known` is the auction folded up to the moment `at`."""
    project = sourcing.project_for(actor, row.project_id)
    people = store.participants(row.id)
    cards = suppliers.suppliers({person.supplier_id for person in people})
    state = "cancelled" if known.cancelled else phase_of("published", row.opens_at, row.closes_at, at, known)
    return _drawn(row, project, people, known, {key: card.name for key, card in cards.items()}, state, at)


def _drawn(
    row: Auction, project: ProjectView, people: list[AuctionParticipant], known: Live, called: dict[str, str],
    state: str, now: datetime,
) -> Board:  # fmt: skip
    """The board from the folded auction. A blind one shows letters until the end, so that nobody can favour a name."""
    masked = row.blind and state not in ("closed", "cancelled")
    names = {p.alias: _("Bidder %(letter)s", letter=p.alias) if masked else called[p.supplier_id] for p in people}
    accepted = {person.alias: person.accepted_terms_at is not None for person in people}
    lots = tuple(_lot(known, lot, names, accepted, project, now) for lot in known.state.lots.values())
    log = tuple(_line(mark, names) for mark in reversed(known.story) if not _sealed(known, mark))
    bests = [lot.best for lot in lots]
    total = sum((best for best in bests if best is not None), Decimal(0)) if all(b is not None for b in bests) else None
    bases = [lot.baseline for lot in lots]
    base = sum((one for one in bases if one is not None), Decimal(0)) if all(b is not None for b in bases) else None
    rules = known.state.rules
    price = project.customer_price if rules.sign > 0 else None
    taking_part = tuple((p.supplier_id, p.alias, names[p.alias], accepted[p.alias]) for p in people)
    return Board(
        row.id, project, row.reference, row.title, row.profile, state, row.practice, row.simulated, row.blind,
        rules.format, rules.currency, rules, rules_sha256(rules), known.seq, row.opens_at,
        max(lot.ends_at for lot in lots), milliseconds(now), lots, total, base, _gain(rules, base, total), price,
        _share(price, total), log, taking_part, row.version, known.head, row.minutes_released_at, masked,
        _sums(known, names, base),
    )  # fmt: skip


def _share(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    """By what share `part` lies below `whole`."""
    if not whole or part is None:
        return None
    return (whole - part) / whole


def _gain(rules: Rules, base: Decimal | None, amount: Decimal | None) -> Decimal | None:
    """By what share an amount is better than the baseline: below it when buying, above it when selling."""
    share = _share(base, amount)
    return None if share is None else share * rules.sign


def _sums(known: Live, names: dict[str, str], base: Decimal | None) -> tuple[BoardSum, ...]:
    rules = known.state.rules
    if not rules.packages:
        return ()
    return tuple(
        BoardSum(row.rank, names[row.bidder], row.amount, _gain(rules, base, row.amount))
        for row in package_ranking(known.state, rules.packages[0])
    )


def _lot(
    known: Live, lot: LotState, names: dict[str, str], accepted: dict[str, bool], project: ProjectView, now: datetime
) -> BoardLot:  # fmt: skip
    seen = buyer_lot(known.state, lot, now)
    facts = known.lot_facts[lot.lot.id]
    base = Decimal(facts["baseline"]) if facts["baseline"] else None
    price = _price_of(known, base, project.customer_price if known.state.rules.sign > 0 else None)
    hidden = is_hidden(known.state, lot)
    places = {row["bidder"]: row for row in reversed(seen["ranking"])}
    bids = tuple(
        BoardBid(
            bid["seq"], bids_at, bid["bidder"], names[bid["bidder"]], Decimal(bid["amount"]), bid["removed"],
            bid["made"], bid["surrogate"],
        )
        for bid, bids_at in ((each, _at(lot, each["seq"], each["bidder"])) for each in seen["bids"])
    )  # fmt: skip
    rows = [
        _bidder(known, lot, alias, names[alias], accepted[alias], places.get(alias), base, price, hidden)
        for alias in names
    ]
    rows.sort(key=lambda each: (each.rank is None, each.rank or 0, each.alias))
    best = Decimal(seen["ranking"][0]["amount"]) if seen["ranking"] else None
    return BoardLot(
        lot.lot.id, facts["number"], facts["title"], seen["state"], seen["paused"], lot.open, milliseconds(lot.open),
        milliseconds(lot.close), lot.close, lot.extensions, best,
        names[seen["ranking"][0]["bidder"]] if seen["ranking"] else "",
        sum(1 for bid in bids if bid.seq), seen["reserve_met"], base, _gain(known.state.rules, base, best), price,
        price is not None and len(known.state.lots) > 1, _share(price, best), hidden, seen.get("clock"), tuple(rows), bids,
        tuple(names[each] for each in seen["winners"]), _spark(bids, known.state.rules.sign),
    )  # fmt: skip


def _price_of(known: Live, base: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """What the customer pays for this lot: all of it, or its share by the baselines where every lot has one."""
    if whole is None or len(known.state.lots) == 1:
        return whole
    bases = [facts["baseline"] for facts in known.lot_facts.values()]
    total = sum((Decimal(each) for each in bases if each), Decimal(0))
    if not all(bases) or base is None or not total:
        return None
    return (whole * base / total).quantize(Decimal("0.01"))


def _spark(bids: Sequence[BoardBid], sign: int) -> tuple[float, ...]:
    """The best bid after each bid, for a small line without axes."""
    best: list[Decimal] = []
    for bid in bids:
        if bid.removed is None:
            better = bid.amount if not best or sign * bid.amount < sign * best[-1] else best[-1]
            best.append(better)
    return tuple(float(each) for each in best[-SPARK_MAX:]) if len(best) > 1 else ()


def _at(lot: LotState, seq: int, bidder: str) -> datetime:
    return next(bid.placed.recv for bid in lot.bids[bidder] if bid.seq == seq)


def _bidder(
    known: Live, lot: LotState, alias: str, name: str, accepted: bool, place: dict[str, Any] | None,
    base: Decimal | None, price: Decimal | None, hidden: bool,
) -> BoardBidder:  # fmt: skip
    own = [] if hidden else [bid for bid in lot.bids.get(alias, ()) if bid.seq]
    amount = Decimal(place["amount"]) if place else None
    return BoardBidder(
        known.suppliers[alias], alias, name, place["rank"] if place else None, amount,
        place["metric"] if place else "", len(own), own[-1].placed.recv if own else None, _gain(known.state.rules, base, amount),
        _share(price, amount), known.state.bidders[alias].blocked, accepted,
    )  # fmt: skip


def _sealed(known: Live, mark: Mark) -> bool:
    """A bidder's act on a lot whose seals are not opened: not even that it happened is shown (R62)."""
    lot = known.state.lots.get(mark.lot or "")
    return bool(mark.bidder) and lot is not None and is_hidden(known.state, lot)


def _line(mark: Mark, names: dict[str, str]) -> BoardLine:
    amount = Decimal(mark.amount) if mark.amount else None
    return BoardLine(mark.seq, mark.at, mark.kind, mark.lot, names.get(mark.bidder, ""), amount, mark.reason)


def chart(lot: BoardLot) -> dict[str, Any]:
    """One step line per bidder for `<live-chart>`; names of lines as the board shows them."""
    order = sorted({bid.alias: bid.name for bid in lot.bids}.items())
    series = [{"name": name, "tone": TONES[at % len(TONES)]} for at, (_alias, name) in enumerate(order)]
    standing: dict[str, float | None] = {alias: None for alias, _name in order}
    points = []
    for bid in lot.bids:
        if bid.removed:
            continue
        standing[bid.alias] = float(bid.amount)
        points.append([milliseconds(bid.at) / 1000, *standing.values()])
    return {"series": series, "points": points}
