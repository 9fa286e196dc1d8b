"""One chain of entries per event: each holds the hash of the one before it, numbers have no gaps.

`hash = SHA256(0x00 || canonical row)` is also the row's leaf hash in the portal-wide Merkle log
(RFC 6962), so that a receipt's chain hash proves the row's place in the log without a second number.

A row is a dict of plain values as they are stored. It holds at least `seq`, counted from 1, and `prev`,
the hash of row `seq - 1` (`GENESIS` for the first); what else it holds is the journal's choice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from srm_portal.kernel.canonical import canonical

GENESIS = "0" * 64
Fault = Literal["not_canonical", "wrong_number", "broken_link", "wrong_hash"]


@dataclass(frozen=True, slots=True)
class BadRow:
    """The first row that does not hold: its place in what was read (from 0), its number, and why."""

    position: int
    seq: int
    fault: Fault


def entry_hash(row: Mapping[str, Any]) -> str:
    """SHA256(0x00 || canonical row) as 64 hex digits. Raises ValueError for what has no canonical form."""
    return hashlib.sha256(b"\x00" + canonical(dict(row))).hexdigest()


def verify(rows: Iterable[tuple[Mapping[str, Any], str]], seq: int = 0, prev: str = GENESIS) -> BadRow | None:
    """The first bad row of (row, stored hash) pairs in order, or None when all hold.

    Reads once and keeps one row, so a chain of any length fits. `seq` and `prev` are the number and the
    hash of the last row already trusted; by default the chain's beginning.
    """
    for position, (row, stored) in enumerate(rows):
        seq += 1
        fault = _fault(row, stored, seq, prev)
        if fault is not None:
            return BadRow(position, seq, fault)
        prev = stored
    return None


def pseudonym(salt: bytes, identity: str) -> str:
    """A salted hash that stands for a person in a leaf; deleting the salt makes it say nothing."""
    if len(salt) < 16:
        raise ValueError("a salt has at least 16 bytes")
    return hashlib.sha256(len(salt).to_bytes(8, "big") + salt + identity.encode()).hexdigest()


def _fault(row: Mapping[str, Any], stored: str, seq: int, prev: str) -> Fault | None:
    if type(row.get("seq")) is not int or row["seq"] != seq:
        return "wrong_number"
    if row.get("prev") != prev:
        return "broken_link"
    try:
        computed = entry_hash(row)
    except ValueError:
        return "not_canonical"
    return None if computed == stored else "wrong_hash"
