"""The one hand that writes auctions: first in, first out, what waits together is stored together.

A command is stamped when it joins the queue. Whoever finds nobody at work takes everything that waits, decides it in
order of arrival against the state in memory, stores it in one transaction, and only then answers and publishes. On
PostgreSQL the rows of the auctions are locked first and the database's clock is read under the lock, once for the batch.

A clock that jumped gives no stamps: what is open is paused at the last moment that can be trusted, and what waits is
decided after that.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from srm_portal.auctions import store
from srm_portal.auctions.domain.commands import BUYER, Command
from srm_portal.auctions.models import Auction
from srm_portal.auctions.services.batch import Ask, store_batch
from srm_portal.auctions.store import Live
from srm_portal.infra.db import db, is_sqlite
from srm_portal.infra.logs import log
from srm_portal.infra.moment import binding_now, trust_clock
from srm_portal.infra.transaction import in_command
from srm_portal.kernel.clock import ClockStepped
from srm_portal.kernel.permissions import Actor, system_actor

BATCH_MAX = 500
LOOK_AGAIN_S = 0.5
"""Only for the case that a worker died at its work; nobody waits for it otherwise."""
CLOCK_STEPPED = Command("pause", BUYER, reason="clock_stepped")
_NAME = "srm_auction_writer"


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
                ask.done.wait(LOOK_AGAIN_S)
        if ask.error is not None:
            raise ask.error
        return ask

    def _work(self) -> bool:
        """Empty the queue unless somebody is at it.

        Who joins while another one works may wait without looking: the queue is looked at once more after the work.
        """
        worked = False
        while self._waiting and self._working.acquire(blocking=False):
            try:
                time.sleep(0)
                self._drain()
            finally:
                self._working.release()
            worked = True
        return worked

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
                store_batch(batch, held)
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
