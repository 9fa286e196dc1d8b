"""What bidders do: bids, acceptances of a clock's price, proxies. One door for socket, form and simulation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from srm_portal.auctions import queries, store
from srm_portal.auctions.domain.commands import BUYER, Command
from srm_portal.auctions.domain.engine import Replayed
from srm_portal.auctions.domain.events import Receipt, Refusal
from srm_portal.auctions.domain.figures import amount_text
from srm_portal.auctions.domain.public import quiet
from srm_portal.auctions.domain.steps import open_next_valid
from srm_portal.auctions.services.writer import Ask, writer
from srm_portal.auctions.store import Live
from srm_portal.infra import live as sockets
from srm_portal.infra.moment import app_now
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor

KEY_MAX = 64
_TELLING = frozenset({"decrement", "lead_buffer", "tie", "outside_limits", "above_ceiling", "not_on_tick"})


@dataclass(frozen=True, slots=True)
class BidReceipt:
    """What a bidder holds in hand: their own act, its number and stamp, and the hash of its entry in the log."""

    auction_id: str
    lot: str
    amount: str
    seq: int
    recv: datetime
    close: datetime | None
    replayed: bool
    entry_hash: str


def place_bid(
    actor: Actor, auction_id: str, lot: str, amount: object, *, key: str, confirm: bool = False, now: datetime
) -> BidReceipt:  # fmt: skip
    """Bid for the actor's company. `key` is the client's own for this bid: a retry gets the first receipt again.

    Raises Refused with the engine's code (and `next_valid` where the rules let this bidder know it), NotFound where
    the auction is not theirs. The legal time is the writer's stamp, not `now`.
    """
    name = _bidder(actor, auction_id)
    asked = Command("bid", name, lot, _key(key), amount=amount, confirm=confirm)
    return _answer(name, asked, writer().submit(actor, auction_id, asked))


def accept_price(actor: Actor, auction_id: str, lot: str, tick: int, *, key: str, now: datetime) -> BidReceipt:
    """Accept the clock's price of `tick` (Dutch, Japanese)."""
    name = _bidder(actor, auction_id)
    asked = Command("accept", name, lot, _key(key), tick=tick)
    return _answer(name, asked, writer().submit(actor, auction_id, asked))


def set_proxy(
    actor: Actor, auction_id: str, lot: str, limit: object, step: object, *, key: str, now: datetime
) -> BidReceipt:  # fmt: skip
    """Let the portal bid down to `limit` in steps (R53); nobody else learns the limit."""
    name = _bidder(actor, auction_id)
    asked = Command("proxy", name, lot, _key(key), limit=limit, step=step)
    return _answer(name, asked, writer().submit(actor, auction_id, asked))


def cancel_proxy(actor: Actor, auction_id: str, lot: str, *, key: str, now: datetime) -> BidReceipt:
    name = _bidder(actor, auction_id)
    asked = Command("cancel_proxy", name, lot, _key(key))
    return _answer(name, asked, writer().submit(actor, auction_id, asked))


def withdraw_bid(actor: Actor, auction_id: str, lot: str, *, key: str, now: datetime) -> BidReceipt:
    """Take a sealed bid back, until the close (R51)."""
    name = _bidder(actor, auction_id)
    asked = Command("withdraw", name, lot, _key(key))
    return _answer(name, asked, writer().submit(actor, auction_id, asked))


def bid_status(actor: Actor, auction_id: str, key: str) -> BidReceipt | None:
    """Whether a bid whose answer was lost has arrived: its receipt, or None."""
    _row, person = store.participant_row(actor, auction_id)
    known = store.live(auction_id)
    with known.lock:
        found = known.state.receipts.get((person.alias, key))
        return None if found is None else _receipt(known, person.alias, found, True, "")


def surrogate_bid(
    actor: Actor, auction_id: str, lot: str, supplier_id: str, amount: object, *, evidence: str, key: str, now: datetime
) -> int:  # fmt: skip
    """Bid for a company that cannot, on its written word (R61); returns the bid's number."""
    row = store.auction_row(actor, auction_id)
    if not actor.may("auction:run"):
        raise NotFound
    if not evidence.strip():
        raise Refused("reason_required")
    people = {person.supplier_id: person for person in store.participants(row.id)}
    person = people.get(supplier_id)
    if person is None:
        raise Refused("unknown_bidder")
    if person.accepted_terms_at is None:
        raise Refused("accept_terms")
    asked = Command(
        "bid", BUYER, lot, _key(key), amount=amount, confirm=True, reason=evidence.strip(), surrogate_for=person.alias
    )  # fmt: skip
    answer = writer().submit(actor, auction_id, asked).answer
    if isinstance(answer, Refusal):
        raise Refused(answer.code)
    assert isinstance(answer, Receipt)
    return answer.seq


def _bidder(actor: Actor, auction_id: str) -> str:
    """The alias this actor bids under. Raises Refused where they may only look.

    Who was found to take part once is known from then on: acceptance is never undone, a withdrawal blocks in the log.
    """
    known = store.remembered(auction_id)
    if known is not None and actor.may_bid and (seat := known.seats.get(actor.supplier_id or "")):
        return seat
    row, person = store.participant_row(actor, auction_id)
    if not actor.may_bid:
        raise Refused("may_not_bind")
    if person.accepted_terms_at is None:
        raise Refused("accept_terms")
    if row.state == "discarded":
        raise NotFound
    if row.state == "published":
        store.live(auction_id, row.seq).seats[person.supplier_id] = person.alias
    return person.alias


def _key(key: str) -> str:
    if not key or len(key) > KEY_MAX or not key.isascii() or not key.isprintable():
        raise Refused("key_missing")
    return key


def _answer(name: str, asked: Command, ask: Ask) -> BidReceipt:
    known = ask.known
    assert known is not None
    with known.lock:
        if isinstance(ask.answer, Refusal):
            raise _refused(known, name, asked, ask.answer)
        assert isinstance(ask.answer, Receipt)
        if quiet(known.state):
            _tell_own(known, name)
        return _receipt(known, name, ask.answer, isinstance(ask.answer, Replayed), ask.entry_hash)


def _tell_own(known: Live, name: str) -> None:
    """Where others are pushed nothing, the company's own other screens still follow its acts."""
    scope = f"auction:{known.id}:{known.suppliers[name]}"
    sockets.tell("auction", queries.own_view(known, name, app_now()), scope=scope)


def _receipt(known: Live, name: str, found: Receipt, replayed: bool, digest: str) -> BidReceipt:
    lot = known.state.lots.get(found.lot or "")
    bid = lot.by_seq.get(found.seq) if lot else None
    amount = amount_text(known.state.rules, bid.amount) if bid is not None and bid.placed.bidder == name else ""
    return BidReceipt(known.id, found.lot or "", amount, found.seq, found.recv, found.close, replayed, digest)


def _refused(known: Live, name: str, asked: Command, refusal: Refusal) -> Refused:
    """The code, and the next valid amount only where the rules let this bidder know it."""
    facts: dict[str, str] = {}
    if refusal.late_ms is not None:
        facts["late_ms"] = str(refusal.late_ms)
    shown = _next_valid(known, name, asked, refusal)
    if shown is not None:
        facts["next_valid"] = amount_text(known.state.rules, shown)
    return Refused(refusal.code, **facts)


def _next_valid(known: Live, name: str, asked: Command, refusal: Refusal) -> Decimal | None:
    lot = known.state.lots.get(asked.lot or "")
    if refusal.next_valid is None or lot is None:
        return None
    if refusal.code not in _TELLING:
        return refusal.next_valid
    open_to_them = open_next_valid(known.state, lot, name, known.state.rules.visibility)
    return open_to_them
