"""Approval: which steps a contract goes through, and who may take the next one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from srm_portal.kernel.errors import Forbidden, Refused
from srm_portal.kernel.money import Money

SECOND_STEP_FROM = Decimal(250_000)
"""In the built-in route, from this value on, with deviations or with high risk, a second manager signs off."""

RISKS = ("low", "medium", "high")
REMIND_AFTER = timedelta(days=3)
ESCALATE_AFTER = timedelta(days=2)
"""After the reminder: then every manager with the authority may take a step that named people left."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the route: a contract that meets every condition needs this step.

    `stage` orders: steps of one stage run side by side, the next stage is asked when all of them are taken. `needed` of
    `people` take the step; without people any manager whose limit covers the value may.
    """

    stage: int
    purpose: str
    value_from: Decimal = Decimal(0)
    category: str = ""
    risk: str = ""
    deviations: bool = False
    needed: int = 1
    people: tuple[str, ...] = ()

    def applies(self, value: Decimal, category: str, risk: str, deviations: bool) -> bool:
        return (
            value >= self.value_from
            and category.startswith(self.category)
            and RISKS.index(risk) >= (RISKS.index(self.risk) if self.risk else 0)
            and (deviations or not self.deviations)
        )


BUILT_IN = (
    Rule(1, "budget"),
    Rule(2, "second", value_from=SECOND_STEP_FROM),
    Rule(2, "second", deviations=True),
    Rule(2, "second", risk="high"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One approval step: its place, what it is for, how many took it, and everybody whose voice was used for it."""

    position: int
    purpose: str
    state: str = "waiting"
    stage: int = 1
    needed: int = 1
    people: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Hat:
    """An authority somebody may use: their own, or one lent to them. `limit` None: no authority."""

    person_id: str
    limit: Decimal | None


@dataclass(frozen=True, slots=True)
class Taking:
    """The step an approval takes and with whose authority; `completes` when it was the last one needed."""

    step: Step
    hat: Hat
    completes: bool


def route(
    value: Decimal,
    deviations: Sequence[str],
    *,
    category: str = "",
    risk: str = "low",
    rules: Sequence[Rule] = BUILT_IN,
) -> list[Step]:
    """The steps a contract needs, in order of their stages. Two lines that ask for the same step make one.

    A route that no line asks for still has one step: nothing is signed without an approval.
    """
    held = [rule for rule in rules if rule.applies(value, category, risk, bool(deviations))] or [Rule(1, "budget")]
    merged: dict[tuple[int, str, tuple[str, ...]], Rule] = {}
    for rule in sorted(held, key=lambda one: one.stage):
        key = (rule.stage, rule.purpose, rule.people)
        if key not in merged or merged[key].needed < rule.needed:
            merged[key] = rule
    first = min(rule.stage for rule in merged.values())
    return [
        Step(
            number,
            rule.purpose,
            "waiting" if rule.stage == first else "later",
            rule.stage,
            rule.needed,
            frozenset(rule.people),
        )
        for number, rule in enumerate(merged.values(), start=1)
    ]


def current(steps: Sequence[Step]) -> list[Step]:
    """The steps that are asked now."""
    return [step for step in steps if step.state == "waiting"]


def check(
    steps: Sequence[Step],
    *,
    actor_id: str,
    hats: Sequence[Hat],
    value: Money,
    authors: Collection[str],
    seen: str,
    content: str,
) -> Taking:
    """The step that this approval takes, and under which hat; the own one is tried first.

    Refused: `nothing_to_approve`, `content_changed` (the approver read another version). Forbidden: `no_authority`,
    `own_work` (the actor, or whose authority they use, wrote, edited, submitted or owns it), `approved_before` (took an
    earlier step), `above_limit`, `not_asked` (the step is for named people).
    """
    waiting = current(steps)
    if not waiting:
        raise Refused("nothing_to_approve")
    if seen != content:
        raise Refused("content_changed")
    used: set[str] = set().union(*(step.taken for step in steps))
    if all(hat.limit is None for hat in hats):
        raise Forbidden("no_authority")
    if actor_id in authors:
        raise Forbidden("own_work")
    if actor_id in used:
        raise Forbidden("approved_before")
    reason = Forbidden("no_authority")
    for hat in hats:
        if hat.limit is None:
            continue
        if hat.person_id in authors:
            reason = Forbidden("own_work")
        elif hat.person_id in used:
            reason = Forbidden("approved_before")
        elif value.amount > hat.limit:
            reason = Forbidden("above_limit", limit=Money(hat.limit, value.currency))
        else:
            for step in waiting:
                if not step.people or hat.person_id in step.people:
                    return Taking(step, hat, step.votes + 1 >= step.needed)
            reason = Forbidden("not_asked")
    raise reason
