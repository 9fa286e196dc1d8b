"""The one hand that writes auctions: first in, first out, what waits together is stored together.

A command is stamped when it joins the queue. Whoever finds nobody at work takes everything that waits, decides it in
order of arrival against the state in memory, stores it in one transaction, and only then answers and publishes. On
PostgreSQL the rows of the auctions are locked first and the database's clock is read under the lock, once for the batch.

A clock that jumped gives no stamps: what is open is paused at the last moment that can be trusted, and what waits is
decided after that.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from srm_portal.auctions import store
from srm_portal.auctions.domain import codec
from srm_portal.auctions.domain.commands import BUYER, Command
from srm_portal.auctions.domain.commands_document import command_to_json
from srm_portal.auctions.domain.engine import Replayed, decide
from srm_portal.auctions.domain.events import Event, Receipt, Refusal
from srm_portal.auctions.models import Auction, AuctionEntry
from srm_portal.auctions.store import Live
from srm_portal.audit.services import record
from srm_portal.infra import live as sockets
from srm_portal.infra.db import db, is_sqlite
from srm_portal.infra.logs import log
from srm_portal.infra.moment import binding_now, trust_clock
from srm_portal.infra.transaction import after_commit, command, in_command, mark_audited
from srm_portal.kernel.clock import ClockStepped
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor, system_actor

BATCH_MAX = 500
CLOCK_STEPPED = Command("pause", BUYER, reason="clock_stepped")
_NAME = "srm_auction_writer"
_UNSTORED = frozenset({"unknown_bidder", "unknown_lot", "not_allowed", "key_reused"})
_BIDS = frozenset({"bid", "accept", "proxy", "cancel_proxy", "withdraw", "accept_terms"})


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
    secret: bool = False
    error: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)


class Writer:
    """The queue of one process."""

    def __init__(self) -> None:
        self._waiting: deque[Ask] = deque()
        self._joining = threading.Lock()
        self._working = threading.Lock()
        self._suspended: list[str] = []

    def submit(self, actor: Actor, auction_id: str, asked: Command | None, **options: Any) -> Ask:
        """Join the queue and wait for the answer. Raises what the storing raised: then nothing was stored."""
        if in_command():
            raise AssertionError("an auction's command is a transaction of its own")
        ask = self._join(Ask(actor, auction_id, None, asked, **options))
        while not ask.done.is_set():
            if not self._work():
                ask.done.wait(0.005)
        if ask.error is not None:
            raise ask.error
        return ask

    def _work(self) -> bool:
        """Empty the queue unless somebody is at it."""
        if not self._working.acquire(blocking=False):
            return False
        try:
            time.sleep(0)
            self._drain()
        finally:
            self._working.release()
        return True

    def _join(self, ask: Ask) -> Ask:
        """Take a place and, where this process is the only one, the stamp that goes with it."""
        while True:
            try:
                with self._joining:
                    ask.stamp = ask.fixed_recv or (binding_now() if is_sqlite() else None)
                    self._waiting.append(ask)
                return ask
            except ClockStepped as step:
                self.suspend(step)

    def check_clock(self) -> list[str]:
        """The timekeeper's look: a jump is noticed though nobody bids. Returns the auctions paused since the last look."""
        try:
            with self._joining:
                binding_now()
        except ClockStepped as step:
            self.suspend(step)
            self._work()
        with self._joining:
            told, self._suspended = self._suspended, []
        return told

    def suspend(self, step: ClockStepped) -> None:
        """Pause every open auction at the last moment to trust, and take the clock as it is now."""
        with self._joining:
            trust_clock()
            for auction_id, organisation_id in _open_at(step.last):
                actor = system_actor(organisation_id)
                self._waiting.append(Ask(actor, auction_id, step.last, CLOCK_STEPPED, fixed_recv=step.last))
                self._suspended.append(auction_id)
        log().error("clock_stepped", milliseconds=step.step_us // 1000)

    def _drain(self) -> None:
        while True:
            with self._joining:
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_MAX))]
            if not batch:
                return
            held: list[Live] = []
            try:
                _store(batch, held)
            except ClockStepped as step:
                behind = [ask for ask in batch if ask.fixed_recv is None]
                with self._joining:
                    self._waiting.extend(ask for ask in batch if ask.fixed_recv is not None)
                self.suspend(step)
                with self._joining:
                    self._waiting.extend(behind)
                batch = []
            except BaseException as error:
                for ask in batch:
                    store.forget(ask.auction_id)
                    ask.error = error
                if not isinstance(error, Exception):
                    raise
            finally:
                for known in held:
                    known.lock.release()
                for ask in batch:
                    ask.done.set()


def _open_at(moment: datetime) -> list[tuple[str, str]]:
    """Published auctions that had opened by a moment, with their organisations."""
    query = select(Auction.id, Auction.organisation_id).where(Auction.state == "published", Auction.opens_at <= moment)
    return [(row.id, row.organisation_id) for row in db.session.execute(query)]


def writer() -> Writer:
    found: Writer = current_app.extensions.setdefault(_NAME, Writer())
    return found


@command
def _store(batch: list[Ask], held: list[Live]) -> None:
    ids = sorted({ask.auction_id for ask in batch})
    query = select(Auction).where(Auction.id.in_(ids)).order_by(Auction.id).execution_options(populate_existing=True)
    rows = {row.id: row for row in db.session.scalars(query if is_sqlite() else query.with_for_update())}
    known: dict[str, Live] = {}
    for auction_id, row in rows.items():
        found = store.live(auction_id, row.seq)
        found.lock.acquire()
        held.append(found)
        known[auction_id] = found
    stamp = None if is_sqlite() else binding_now()
    since = {auction_id: row.seq for auction_id, row in rows.items()}
    for ask in batch:
        if ask.auction_id not in rows:
            ask.error = NotFound()
            continue
        recv = ask.fixed_recv or stamp or ask.stamp
        assert recv is not None
        _one(rows[ask.auction_id], known[ask.auction_id], ask, recv)
    for auction_id, row in rows.items():
        if row.seq > since[auction_id]:
            after_commit(_publisher(auction_id, since[auction_id], row.seq))


def _publisher(auction_id: str, since: int, seq: int) -> Any:
    return lambda: sockets.committed(f"auction:{auction_id}", since, seq)


def _one(row: Auction, known: Live, ask: Ask, recv: datetime) -> None:
    if ask.command is None:
        if ask.note not in known.noted:
            _write(row, known, ask, recv, "note", ask.note, "", [])
            _trail(row, ask, recv, f"auction.{ask.note.partition(':')[0]}", lot=ask.note.partition(":")[2])
        return
    ask.secret = store.has_secret(known.state, ask.command)
    answer = decide(known.state, ask.command, recv)
    if isinstance(answer, Replayed):
        ask.answer = answer
    elif isinstance(answer, Refusal):
        ask.answer = answer
        if ask.command.by != BUYER and answer.code not in _UNSTORED:
            _refused(row, known, ask, recv, answer)
    else:
        ask.answer = answer[-1] if isinstance(answer[-1], Receipt) else None
        _accepted(row, known, ask, recv, answer)


def _refused(row: Auction, known: Live, ask: Ask, recv: datetime, refusal: Refusal) -> None:
    """Kept in the log as evidence; of a late bid only the hash of its value (R5)."""
    assert ask.command is not None
    kept = ask.command
    if refusal.amount_sha256 is not None and kept.do == "bid":
        kept = replace(kept, amount=f"sha256:{refusal.amount_sha256}")
    _write(row, known, ask, recv, kept.do, refusal.code, _text(recv, kept), [])
    if refusal.code == "late":
        _trail(row, ask, recv, "auction.bid_late", lot=kept.lot, late_ms=refusal.late_ms, sha256=refusal.amount_sha256)
    else:
        mark_audited()


def _accepted(row: Auction, known: Live, ask: Ask, recv: datetime, events: list[Event]) -> None:
    assert ask.command is not None
    _write(row, known, ask, recv, ask.command.do, "", _text(recv, ask.command), events)
    _trail(row, ask, recv, f"auction.{ask.command.do}", lot=ask.command.lot, entry=row.seq, entry_hash=ask.entry_hash)


def _text(recv: datetime, asked: Command) -> str:
    return codec.canonical(command_to_json(recv, asked))


def _write(
    row: Auction, known: Live, ask: Ask, recv: datetime, kind: str, code: str, text: str, events: list[Event]
) -> None:  # fmt: skip
    seq = row.seq + 1
    plain = codec.canonical([codec.event_to_json(each) for each in events])
    stored = plain
    if ask.secret:
        text, stored = known.seal.closed(text), known.seal.closed(plain) if events else plain
    digest = store.entry_hash(row.id, seq, recv, kind, code, text, stored, known.head)
    taken = ask.command if code == "" and ask.command is not None else None
    db.session.add(
        AuctionEntry(
            auction_id=row.id,
            seq=seq,
            recv=recv,
            kind=kind,
            bidder=taken.by if taken and taken.key else None,
            key=taken.key if taken else None,
            code=code,
            command=text,
            events=stored,
            actor_id=ask.actor.user_id,
            prev=known.head,
            hash=digest,
        )
    )
    store.take(known, seq, recv, kind, code, [codec.event_from_json(each) for each in json.loads(plain)], digest)
    row.seq, row.head, ask.entry_hash = seq, digest, digest


def _trail(row: Auction, ask: Ask, recv: datetime, action: str, **details: Any) -> None:
    """Acts stand in the project's trail, bids in the auction's own: hundreds of them would drown the project's."""
    bidding = ask.command is not None and (ask.command.do in _BIDS or action == "auction.bid_late")
    record(
        ask.actor,
        action,
        "auction",
        row.id,
        now=recv,
        label=f"{row.reference} {row.title}",
        reason=(ask.command.reason or "") if ask.command else "",
        stream=f"auction:{row.id}" if bidding else f"project:{row.project_id}",
        organisation_id=row.organisation_id,
        **{name: value for name, value in details.items() if value is not None},
    )
