"""A read answered once in a request: the page, its step bar and the gates all ask for the same rows.

Answers are kept with the request alone, so that jobs, sockets, commands of the shell and tests that call a query
directly always read afresh. Inside a command nothing is kept nor taken from what was kept, and when one ends,
however it ends, all is forgotten: nobody is shown what a command has changed since. What is kept is read-only:
frozen views, in lists and dictionaries of which every caller gets a copy.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from flask import g, has_request_context

from srm_portal.infra.db import writing

P = ParamSpec("P")
R = TypeVar("R")
_KEPT = "reads_kept"


def _kept() -> dict[Any, Any] | None:
    """What this request has read so far; None where nothing may be kept."""
    if writing() or not has_request_context():
        return None
    found: dict[Any, Any] = g.setdefault(_KEPT, {})
    return found


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, list | dict | set) else value


def once(read: Callable[P, R]) -> Callable[P, R]:
    """Mark a read whose arguments can be hashed: the second question of a request costs no statement."""

    @functools.wraps(read)
    def answered(*args: P.args, **kwargs: P.kwargs) -> R:
        kept = _kept()
        if kept is None:
            return read(*args, **kwargs)
        key = (read, args, tuple(sorted(kwargs.items())))
        if key not in kept:
            kept[key] = read(*args, **kwargs)
        answer: R = _copy(kept[key])
        return answer

    return answered


def once_each(read: Callable[[Iterable[str]], dict[str, R]]) -> Callable[[Iterable[str]], dict[str, R]]:
    """Mark a read by ids that answers with a dictionary: only ids not asked for before are read."""

    @functools.wraps(read)
    def answered(ids: Iterable[str]) -> dict[str, R]:
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        kept = _kept()
        if kept is None:
            return read(wanted)
        known: dict[str, R | None] = kept.setdefault(read, {})
        missing = [one for one in wanted if one not in known]
        if missing:
            found = read(missing)
            known.update({one: found.get(one) for one in missing})
        return {one: value for one in wanted if (value := known[one]) is not None}

    return answered


def keep(read: Callable[..., R], answer: R, *args: Any) -> R:
    """Note the answer to `read(*args)` that another read has brought along."""
    kept = _kept()
    if kept is not None:
        kept[(getattr(read, "__wrapped__", read), args, ())] = answer
    return answer


def keep_each(read: Callable[[Iterable[str]], dict[str, R]], answers: dict[str, R]) -> None:
    """Note answers of a read by ids that another read has brought along."""
    kept = _kept()
    if kept is not None:
        kept.setdefault(getattr(read, "__wrapped__", read), {}).update(answers)


def forget() -> None:
    """Whatever was read may have changed: called at the end of every command."""
    if has_request_context():
        g.pop(_KEPT, None)
