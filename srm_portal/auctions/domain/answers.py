"""Shared parts of an answer: numbers as sent, lateness as evidence, receipts."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal

from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.events import MadeBid, Receipt, Refusal
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.state import LotState
from srm_portal.auctions.domain.timing import Plan
from srm_portal.kernel.money import parse_amount


def number(sent: object) -> Decimal | None:
    """A finite, positive amount in plain digits; None for anything else."""
    try:
        amount = parse_amount(sent)
    except ValueError:
        return None
    return amount if amount > 0 else None


def outside_limits(rules: Rules, amount: Decimal) -> bool:
    low, high = rules.limits.min, rules.limits.max
    return (low is not None and amount < low) or (high is not None and amount > high)


def fingerprint(command: Command) -> str:
    """SHA-256 of what was asked, without key and confirmation: equal for an honest retry, and only then."""
    return hashlib.sha256(repr(command.payload()).encode()).hexdigest()


def too_late(lot: LotState, recv: datetime, sent: object) -> Refusal:
    """R5: refused, with the hash of the value and how late it was."""
    late = max((recv - lot.close).total_seconds(), 0.0) if lot.ended is None else 0.0
    digest = hashlib.sha256(str(sent).encode()).hexdigest() if sent is not None else None
    return Refusal("late", late_ms=round(late * 1000), amount_sha256=digest)


def closed_door(code: str, lot: LotState, recv: datetime, sent: object = None) -> Refusal:
    return too_late(lot, recv, sent) if code == "late" else Refusal(code)


def receipt(
    command: Command, recv: datetime, seq: int, lot: LotState | None = None, *,
    rank: int | None = None, plan: Plan | None = None, made: tuple[MadeBid, ...] = (),
) -> Receipt:  # fmt: skip
    """The answer to an accepted command, as it will be repeated to a retry."""
    close = None if lot is None else (lot.close if plan is None else plan.close(lot))
    return Receipt(
        seq, recv, command.by, command.do, lot.lot.id if lot else command.lot, command.key,
        fingerprint(command) if command.key is not None else None, rank, close, made,
    )  # fmt: skip
