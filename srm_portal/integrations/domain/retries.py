"""When a message that failed is sent again, and which answers mean that it arrived."""

from __future__ import annotations

from datetime import timedelta

DELAYS = tuple(timedelta(seconds=one) for one in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""Waits after the first, second ... failure: the example schedule of Standard Webhooks, about three days in all."""
GONE = 410
"""The target says that it wants no more."""


def delay_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None when it is given up."""
    return DELAYS[attempts - 1] if attempts <= len(DELAYS) else None


def arrived(status: int) -> bool:
    """Only 2xx: a redirect is not followed and counts as a failure."""
    return 200 <= status < 300
