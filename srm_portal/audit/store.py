"""Nodes of the log, read in one statement for one proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select, tuple_

from srm_portal.audit.domain import merkle
from srm_portal.audit.models import LogNode
from srm_portal.infra.db import db

T = TypeVar("T")
_NOTHING = bytes(32)


def with_nodes(compute: Callable[[merkle.NodeReader], T]) -> T:
    """What `compute` makes of the log's nodes. It runs twice: once to learn which nodes it wants."""
    wanted: set[tuple[int, int]] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return _NOTHING

    compute(note)
    known: dict[tuple[int, int], bytes] = {}
    if wanted:
        query = select(LogNode.level, LogNode.index, LogNode.hash).where(
            tuple_(LogNode.level, LogNode.index).in_(sorted(wanted))
        )
        known = {(level, index): value for level, index, value in db.session.execute(query)}
    return compute(lambda level, index: known[level, index])
