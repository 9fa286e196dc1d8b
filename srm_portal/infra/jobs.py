"""Work that happens after the commit: rows written with the change, run until they succeed.

The row is the truth. A runner claims what is due, holds a lease while it works, and gives the row back with a delay
when it fails; a lease that ran out (the process died) makes the job due again. Handlers must therefore be safe to run
twice. Mail, webhooks and what rooms tell each other all travel this way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import JSON, Index, Integer, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, db, is_sqlite
from srm_portal.infra.logs import log
from srm_portal.infra.transaction import after_commit, housekeeping

LEASE = timedelta(minutes=5)
ATTEMPTS_MAX = 8
Handler = Callable[["Work"], None]
Sweep = Callable[[datetime], Any]


class Job(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One piece of work. `key` makes queueing idempotent."""

    __tablename__ = "job"
    __housekeeping__ = True
    __table_args__ = (Index("ix_job_due", "state", "due_at"),)

    kind: Mapped[str] = mapped_column(String(80))
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="queued")
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)


@dataclass(frozen=True)
class Work:
    """What a handler is given: its arguments, the moment, and a way to tell how far it is."""

    job_id: str
    args: dict[str, Any]
    now: datetime

    def progress(self, done: int, total: int) -> None:
        _set_progress(self.job_id, done, total)


@dataclass(frozen=True)
class JobView:
    """How far a job is, for the page that waits for it."""

    kind: str
    args: dict[str, Any]
    state: str
    done: int
    total: int


def job_view(job_id: str) -> JobView | None:
    job = db.session.get(Job, job_id)
    return JobView(job.kind, dict(job.args), job.state, job.done, job.total) if job is not None else None


def handlers(app: Flask | None = None) -> dict[str, Handler]:
    found: dict[str, Handler] = (app or current_app).extensions.setdefault("srm_job_handlers", {})
    return found


def register_sweep(app: Flask, name: str, every: timedelta, sweep: Sweep) -> None:
    """`sweep(now)` is called by every runner, at its start and then at least `every` so often. It must bear company."""
    app.extensions.setdefault("srm_sweeps", {})[name] = (every, sweep)


def register(app: Flask, kind: str, handler: Handler) -> None:
    if kind in handlers(app):
        raise ValueError(f"two handlers for {kind}")
    handlers(app)[kind] = handler


def subscribe(app: Flask, event: str, name: str, handler: Handler) -> None:
    """Let a later room hear of an earlier room's event. `name` tells subscribers apart."""
    kind = f"event.{event}.{name}"
    register(app, kind, handler)
    app.extensions.setdefault("srm_subscribers", {}).setdefault(event, []).append(kind)


def enqueue(
    kind: str, args: dict[str, Any], *, now: datetime, due_at: datetime | None = None, key: str | None = None
) -> str | None:
    """Queue inside the caller's transaction. Returns the job's id, or None if `key` was queued before."""
    if key is not None and db.session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return None
    job = Job(kind=kind, args=args, key=key, due_at=due_at or now, created_at=now)
    db.session.add(job)
    db.session.flush()
    runner: JobRunner | None = current_app.extensions.get("srm_job_runner")
    if runner is not None:
        after_commit(runner.poke)
    return job.id


def publish(event: str, args: dict[str, Any], *, now: datetime) -> None:
    """Tell later rooms what happened; each subscriber gets a job of its own."""
    for kind in current_app.extensions.get("srm_subscribers", {}).get(event, []):
        enqueue(kind, args, now=now)


@housekeeping
def _claim(now: datetime, kinds: list[str]) -> tuple[str, str, dict[str, Any]] | None:
    query = (
        select(Job)
        .where(
            Job.kind.in_(kinds),
            or_(
                (Job.state == "queued") & (Job.due_at <= now),
                (Job.state == "running") & (Job.locked_until < now),
            ),
        )
        .order_by(Job.due_at)
        .limit(1)
    )
    if not is_sqlite():
        query = query.with_for_update(skip_locked=True)
    job = db.session.scalar(query)
    if job is None:
        return None
    job.state = "running"
    job.attempts += 1
    job.locked_until = now + LEASE
    return job.id, job.kind, dict(job.args)


@housekeeping
def _finish(job_id: str, now: datetime) -> None:
    job = db.session.get(Job, job_id)
    if job is not None:
        job.state, job.finished_at, job.locked_until, job.last_error = "done", now, None, ""


@housekeeping
def _give_back(job_id: str, now: datetime, error: str) -> None:
    job = db.session.get(Job, job_id)
    if job is None:
        return
    job.last_error, job.locked_until = error[:2000], None
    if job.attempts >= ATTEMPTS_MAX:
        job.state, job.finished_at = "failed", now
    else:
        job.state, job.due_at = "queued", now + timedelta(seconds=min(2**job.attempts, 600))


@housekeeping
def _set_progress(job_id: str, done: int, total: int) -> None:
    job = db.session.get(Job, job_id)
    if job is not None:
        job.done, job.total = done, total


@housekeeping
def retry(job_id: str, now: datetime) -> None:
    """Give a failed job another series of attempts."""
    job = db.session.get(Job, job_id)
    if job is not None and job.state in ("failed", "queued"):
        job.state, job.attempts, job.due_at, job.finished_at = "queued", 0, now, None


def has_due(now: datetime) -> bool:
    """A cheap look without the write lock: most sweeps find nothing."""
    db.session.rollback()
    found = db.session.scalar(
        select(func.count())
        .select_from(Job)
        .where(
            or_(
                (Job.state == "queued") & (Job.due_at <= now),
                (Job.state == "running") & (Job.locked_until < now),
            )
        )
    )
    db.session.rollback()
    return bool(found)


def run_due(now_of: Callable[[], datetime], limit: int = 1000) -> int:
    """Run what is due, one job after the other; returns how many were run. Needs an app context."""
    count = 0
    while count < limit and has_due(now_of()):
        claimed = _claim(now_of(), list(handlers()))
        if claimed is None:
            break
        job_id, kind, args = claimed
        try:
            handlers()[kind](Work(job_id, args, now_of()))
        except Exception as error:
            db.session.rollback()
            log().warning("job_failed", kind=kind, job=job_id, error=type(error).__name__)
            _give_back(job_id, now_of(), f"{type(error).__name__}: {error}")
        else:
            _finish(job_id, now_of())
        finally:
            db.session.remove()
        count += 1
    return count


class JobRunner:
    """Sweeps in the background of a serving process, or alone in `srm-portal worker`."""

    def __init__(self, app: Flask, now_of: Callable[[], datetime], every_s: float = 1.0) -> None:
        self._app, self._now_of, self._every_s = app, now_of, every_s
        self._poked, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._swept: dict[str, datetime] = {}

    def start(self) -> None:
        self._app.extensions["srm_job_runner"] = self
        self._thread = threading.Thread(target=self.run, name="jobs", daemon=True)
        self._thread.start()

    def poke(self) -> None:
        self._poked.set()

    def stop(self) -> None:
        self._stopped.set()
        self._poked.set()
        if self._thread:
            self._thread.join(timeout=10)

    def run(self) -> None:
        while not self._stopped.is_set():
            with self._app.app_context():
                try:
                    run_due(self._now_of)
                    self._sweep()
                except Exception as error:
                    log().error("job_sweep_failed", error=type(error).__name__)
            self._poked.wait(self._every_s)
            self._poked.clear()

    def _sweep(self) -> None:
        """What is done by the clock. A time that went backwards counts as long ago."""
        sweeps: dict[str, tuple[timedelta, Sweep]] = self._app.extensions.get("srm_sweeps", {})
        for name, (every, sweep) in sweeps.items():
            now, last = self._now_of(), self._swept.get(name)
            if last is None or now - last >= every or now < last:
                self._swept[name] = now
                sweep(now)
