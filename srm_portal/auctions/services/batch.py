"""One transaction of the writer: commands decided in order of arrival, stored with a handful of statements.

No object of the mapper is made on this path: a bid costs what its rows cost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from srm_portal.auctions import store
from srm_portal.auctions.domain import codec
from srm_portal.auctions.domain.commands import BUYER, Command
from srm_portal.auctions.domain.commands_document import command_to_json
from srm_portal.auctions.domain.engine import Replayed, decide
from srm_portal.auctions.domain.events import Event, Receipt, Refusal
from srm_portal.auctions.models import Auction, AuctionEntry
from srm_portal.auctions.store import Live
from srm_portal.audit.services import Act, record_many
from srm_portal.infra import live as sockets
from srm_portal.infra.db import db, is_sqlite, new_id
from srm_portal.infra.moment import binding_now
from srm_portal.infra.transaction import after_commit, command
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor

_UNSTORED = frozenset({"unknown_bidder", "unknown_lot", "not_allowed", "key_reused"})
_BIDS = frozenset({"bid", "accept", "proxy", "cancel_proxy", "withdraw", "accept_terms"})
_AUCTIONS: Any = Auction.__table__
_ENTRIES: Any = AuctionEntry.__table__
_ADDED = _ENTRIES.insert()
_MOVED = (
    update(_AUCTIONS)
    .where(_AUCTIONS.c.id == bindparam("auction"))
    .values(seq=bindparam("number"), head=bindparam("last"))
)


@dataclass(slots=True)
class Ask:
    """One command on its way through the queue. `note` is the timekeeper's: no command, only a mark in the log."""

    actor: Actor
    auction_id: str
    stamp: datetime | None
    command: Command | None = None
    note: str = ""
    fixed_recv: datetime | None = None
    answer: Receipt | Refusal | None = None
    entry_hash: str = ""
    known: Live | None = None
    error: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class _Head:
    """What the auction's row says, and where its log stands within this transaction."""

    id: str
    organisation_id: str
    project_id: str
    label: str
    seq: int
    began: int
    known: Live


@dataclass(slots=True)
class _Batch:
    entries: list[dict[str, Any]] = field(default_factory=list)
    trail: list[Act] = field(default_factory=list)


@command
def store_batch(asks: list[Ask], held: list[Live]) -> None:
    """Decide and store; `held` are the auctions whose locks the caller gives back, whatever happens."""
    heads = _heads(sorted({ask.auction_id for ask in asks}), held)
    stamp = None if is_sqlite() else binding_now()
    batch = _Batch()
    for ask in asks:
        head = heads.get(ask.auction_id)
        if head is None:
            ask.error = NotFound()
            continue
        recv = ask.fixed_recv or stamp or ask.stamp
        assert recv is not None
        ask.known = head.known
        _one(batch, head, ask, recv)
    if not batch.entries:
        return
    link = db.session.connection()
    link.execute(_ADDED, batch.entries)
    moved = [head for head in heads.values() if head.seq > head.began]
    link.execute(_MOVED, [{"auction": h.id, "number": h.seq, "last": h.known.head} for h in moved])
    record_many(batch.trail)
    for head in moved:
        after_commit(_publisher(head.id, head.began, head.seq))


def _heads(ids: list[str], held: list[Live]) -> dict[str, _Head]:
    """The rows of the auctions, locked in the order of their ids, each with its state in memory, locked too."""
    columns = (_AUCTIONS.c.id, _AUCTIONS.c.organisation_id, _AUCTIONS.c.project_id, _AUCTIONS.c.reference)
    query = select(*columns, _AUCTIONS.c.title, _AUCTIONS.c.seq).where(_AUCTIONS.c.id.in_(ids)).order_by(_AUCTIONS.c.id)
    heads = {}
    for row in db.session.connection().execute(query if is_sqlite() else query.with_for_update()).all():
        known = store.live(row.id, row.seq)
        known.lock.acquire()
        held.append(known)
        label = f"{row.reference} {row.title}"
        heads[row.id] = _Head(row.id, row.organisation_id, row.project_id, label, row.seq, row.seq, known)
    return heads


def _publisher(auction_id: str, since: int, seq: int) -> Callable[[], None]:
    return lambda: sockets.committed(f"auction:{auction_id}", since, seq)


def _one(batch: _Batch, head: _Head, ask: Ask, recv: datetime) -> None:
    known = head.known
    if ask.command is None:
        if ask.note not in known.noted:
            _write(batch, head, ask, recv, "note", ask.note)
            name, _, lot = ask.note.partition(":")
            _trail(batch, head, ask, recv, f"auction.{name}", lot=lot)
        return
    secret = store.has_secret(known.state, ask.command)
    answer = decide(known.state, ask.command, recv)
    if isinstance(answer, Replayed):
        ask.answer = answer
    elif isinstance(answer, Refusal):
        ask.answer = answer
        if ask.command.by != BUYER and answer.code not in _UNSTORED:
            _refused(batch, head, ask, recv, answer, secret)
    else:
        ask.answer = answer[-1] if isinstance(answer[-1], Receipt) else None
        _write(batch, head, ask, recv, ask.command.do, "", ask.command, answer, secret)
        facts = {"lot": ask.command.lot, "entry": head.seq, "entry_hash": ask.entry_hash}
        _trail(batch, head, ask, recv, f"auction.{ask.command.do}", **facts)


def _refused(batch: _Batch, head: _Head, ask: Ask, recv: datetime, refusal: Refusal, secret: bool) -> None:
    """Kept in the log as evidence; of a late bid only the hash of its value (R5)."""
    assert ask.command is not None
    kept = ask.command
    if refusal.amount_sha256 is not None and kept.do == "bid":
        kept = replace(kept, amount=f"sha256:{refusal.amount_sha256}")
    _write(batch, head, ask, recv, kept.do, refusal.code, kept, [], secret)
    if refusal.code == "late":
        facts = {"lot": kept.lot, "late_ms": refusal.late_ms, "sha256": refusal.amount_sha256}
        _trail(batch, head, ask, recv, "auction.bid_late", **facts)


def _write(
    batch: _Batch,
    head: _Head,
    ask: Ask,
    recv: datetime,
    kind: str,
    code: str,
    kept: Command | None = None,
    events: list[Event] | None = None,
    secret: bool = False,
) -> None:
    """One entry, chained to the one before it, and folded into memory."""
    known, seq, happened = head.known, head.seq + 1, events or []
    text = "" if kept is None else codec.canonical(command_to_json(recv, kept))
    stored = codec.canonical([codec.event_to_json(each) for each in happened])
    if secret:
        text, stored = known.seal.closed(text), known.seal.closed(stored) if happened else stored
    digest = store.entry_hash(head.id, seq, recv, kind, code, text, stored, known.head)
    keyed = ask.command if code == "" and ask.command is not None and ask.command.key else None
    batch.entries.append(
        {
            "id": new_id(),
            "auction_id": head.id,
            "seq": seq,
            "recv": recv,
            "kind": kind,
            "bidder": keyed.by if keyed else None,
            "key": keyed.key if keyed else None,
            "code": code,
            "command": text,
            "events": stored,
            "actor_id": ask.actor.user_id,
            "prev": known.head,
            "hash": digest,
        }
    )
    store.take(known, seq, recv, kind, code, happened, digest)
    head.seq, ask.entry_hash = seq, digest


def _trail(batch: _Batch, head: _Head, ask: Ask, recv: datetime, action: str, **details: Any) -> None:
    """Acts stand in the project's trail, bids in the auction's own: hundreds of them would drown the project's."""
    bidding = ask.command is not None and (ask.command.do in _BIDS or action == "auction.bid_late")
    batch.trail.append(
        Act(
            ask.actor,
            action,
            "auction",
            head.id,
            recv,
            head.label,
            (ask.command.reason or "") if ask.command else "",
            f"auction:{head.id}" if bidding else f"project:{head.project_id}",
            head.organisation_id,
            {name: value for name, value in details.items() if value is not None},
        )
    )
