"""The only place that commits. A use case is a `@command`; one that changed rows without an audit entry fails.

`@command` opens one write transaction, runs the use case, insists on an audit mark for changed rows, commits,
and only then lets the world know (`after_commit`). A command called inside another joins it. `@housekeeping` is
for the portal's own technical rows (sessions, job states, delivery states) and may touch nothing else.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from flask import current_app
from gevent import get_hub, monkey
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from srm_portal.infra.db import db, is_sqlite, write_intent
from srm_portal.infra.once import forget

P = ParamSpec("P")
R = TypeVar("R")

_ACTIVE = "command_active"
_CHANGED = "command_changed"
_AUDITED = "command_audited"
_AFTER = "command_after"


class UnauditedChange(AssertionError):
    """A use case changed rows and left no trail: a mistake of ours."""


class ForeignHousekeeping(AssertionError):
    """Housekeeping touched a row that belongs to people."""


def writer_lock() -> threading.Lock:
    """SQLite has one writer: greenlets of this process queue here instead of blocking inside the driver."""
    lock: threading.Lock = current_app.extensions["srm_writer_lock"]
    return lock


def _is_housekeeping(row: object) -> bool:
    return bool(getattr(type(row), "__housekeeping__", False))


@event.listens_for(Session, "before_flush")
def _note_changes(session: Session, _context: Any, _instances: Any) -> None:
    touched = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    if not touched:
        return
    mode = session.info.get(_ACTIVE)
    if mode is None:
        raise UnauditedChange("rows changed outside a command: " + type(touched[0]).__name__)
    people = [row for row in touched if not _is_housekeeping(row)]
    if mode == "housekeeping" and people:
        raise ForeignHousekeeping(type(people[0]).__name__)
    if people:
        session.info[_CHANGED] = type(people[0]).__name__


@event.listens_for(Session, "do_orm_execute")
def _note_bulk(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    session = state.session
    mode = session.info.get(_ACTIVE)
    mapper = state.bind_mapper
    name = mapper.class_.__name__ if mapper else "table"
    technical = bool(mapper and getattr(mapper.class_, "__housekeeping__", False))
    if mode is None:
        raise UnauditedChange("rows changed outside a command: " + name)
    if technical:
        return
    if mode == "housekeeping":
        raise ForeignHousekeeping(name)
    session.info[_CHANGED] = name


def mark_audited() -> None:
    """Called by `audit.services.record`: this transaction has left its trail."""
    db.session.info[_AUDITED] = True


def in_command() -> bool:
    return db.session().info.get(_ACTIVE) is not None


def after_commit(callback: Callable[[], None]) -> None:
    """Run once the transaction is safely stored; dropped if it is rolled back."""
    db.session.info.setdefault(_AFTER, []).append(callback)


@contextmanager
def _unit(mode: str) -> Iterator[None]:
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise UnauditedChange("rows were changed before the command began")
    session.rollback()
    lock = writer_lock() if is_sqlite() else None
    if lock:
        lock.acquire()
    callbacks: list[Callable[[], None]] = []
    try:
        with write_intent():
            session.info[_ACTIVE] = mode
            try:
                yield
                session.flush()
                if session.info.get(_CHANGED) and not session.info.get(_AUDITED):
                    raise UnauditedChange(f"{session.info[_CHANGED]} changed without an audit entry")
                _commit(session)
                callbacks = session.info.get(_AFTER, [])
            except BaseException:
                session.rollback()
                raise
            finally:
                for key in (_ACTIVE, _CHANGED, _AUDITED, _AFTER):
                    session.info.pop(key, None)
    finally:
        forget()
        if lock:
            lock.release()
    for callback in callbacks:
        callback()


def _commit(session: Session) -> None:
    """Under gevent, SQLite waits for the disk in a native thread, so that the process goes on listening meanwhile."""
    if is_sqlite() and monkey.is_module_patched("threading"):
        held = session.connection().connection.dbapi_connection
        assert held is not None
        get_hub().threadpool.apply(held.commit)
    session.commit()


def command(use_case: Callable[P, R]) -> Callable[P, R]:
    """Make a service function the unit of work. Nested commands join the outer one."""

    @functools.wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if db.session().info.get(_ACTIVE) == "command":
            return use_case(*args, **kwargs)
        with _unit("command"):
            return use_case(*args, **kwargs)

    return run


def housekeeping(task: Callable[P, R]) -> Callable[P, R]:
    """Like `command`, for technical rows only; needs no audit entry."""

    @functools.wraps(task)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if db.session().info.get(_ACTIVE) is not None:
            return task(*args, **kwargs)
        with _unit("housekeeping"):
            return task(*args, **kwargs)

    return run


def init_transactions(app: Any) -> None:
    app.extensions["srm_writer_lock"] = threading.Lock()
