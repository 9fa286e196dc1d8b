"""Heavy work of a second or less in a native thread: live rooms of this process do not wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import gevent
import gevent.monkey

Result = TypeVar("Result")


def in_thread(work: Callable[[], Result]) -> Result:
    """What `work` gives; from a native thread where gevent runs the process, at once elsewhere."""
    if gevent.monkey.is_module_patched("threading"):
        given: Result = gevent.get_hub().threadpool.apply(work)
        return given
    return work()
