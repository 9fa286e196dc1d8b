"""Approval: which steps a contract goes through, and who may take the next one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from srm_portal.kernel.errors import Forbidden, Refused
from srm_portal.kernel.money import Money

SECOND_STEP_FROM = Decimal(250_000)
"""From this value on, or with deviations from the standard clauses, a second manager signs off."""


@dataclass(frozen=True, slots=True)
class Step:
    """One approval step: its place, what it is for, and whether it was taken."""

    position: int
    purpose: str
    state: str = "waiting"
    decided_by: str | None = None


def route(value: Decimal, deviations: Sequence[str]) -> list[Step]:
    """The serial steps a contract needs: the budget's manager, then a second one for weight or deviations."""
    steps = [Step(1, "budget")]
    if value >= SECOND_STEP_FROM or deviations:
        steps.append(Step(2, "second"))
    return steps


def current(steps: Sequence[Step]) -> Step | None:
    """The first step that waits; None when all are taken."""
    return next((step for step in steps if step.state == "waiting"), None)


def check(
    steps: Sequence[Step],
    *,
    actor_id: str,
    limit: Decimal | None,
    value: Money,
    authors: Collection[str],
    seen: str,
    content: str,
) -> Step:
    """The step that this approval takes.

    Refusals: `nothing_to_approve`, `content_changed` (the approver read another version). Forbidden: `no_authority`,
    `own_work` (wrote, edited or submitted it), `approved_before` (took an earlier step), `above_limit`.
    """
    step = current(steps)
    if step is None:
        raise Refused("nothing_to_approve")
    if seen != content:
        raise Refused("content_changed")
    if limit is None:
        raise Forbidden("no_authority")
    if actor_id in authors:
        raise Forbidden("own_work")
    if any(one.decided_by == actor_id for one in steps):
        raise Forbidden("approved_before")
    if value.amount > limit:
        raise Forbidden("above_limit", limit=Money(limit, value.currency))
    return step
