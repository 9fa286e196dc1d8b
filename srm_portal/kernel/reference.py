"""Names of things: opaque ids for addresses, readable references for people."""

from __future__ import annotations

import re

REFERENCE = re.compile(r"[A-Z]{1,4}-[0-9]{4}-[0-9]{4,}")


def readable(prefix: str, year: int, number: int) -> str:
    """`readable("P", 2026, 7)` is "P-2026-0007"."""
    return f"{prefix}-{year}-{number:04d}"
