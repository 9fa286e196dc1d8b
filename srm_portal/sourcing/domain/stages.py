"""The six steps of choosing a supplier: their order, what blocks a step, what reopening does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from srm_portal.kernel.errors import Refused

Stage = Literal["need", "potential", "bidding_list", "criteria", "selection", "contract"]
STAGES: tuple[Stage, ...] = ("need", "potential", "bidding_list", "criteria", "selection", "contract")
FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing a step still lacks: a coded fact, shown as a sentence."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StageMark:
    """How a step stands: done, current, later, or reopened (done before, current again)."""

    stage: Stage
    state: Literal["done", "current", "later", "reopened"]


def position(stage: str) -> int:
    """0 for the need ... 5 for the contract, 6 when finished."""
    return len(STAGES) if stage == FINISHED else STAGES.index(stage)


def following(stage: str) -> str:
    """The step after this one; after the contract the project is finished."""
    place = position(stage) + 1
    return STAGES[place] if place < len(STAGES) else FINISHED


def check_pass(current: str, wanted: str, blockers: Sequence[Blocker]) -> str:
    """The next stage, when `wanted` is the current one and nothing blocks it.

    Refusals: `not_current_step`, `step_blocked` (with how many blockers).
    """
    if current != wanted:
        raise Refused("not_current_step", current=current)
    if blockers:
        raise Refused("step_blocked", count=len(blockers))
    return following(current)


def check_reopen(current: str, wanted: str, reason: str, *, event_published: bool) -> list[Stage]:
    """The steps that reopening `wanted` opens again, first to last.

    A step is reopened with a reason only, and only a step that was passed. Once an RFx event is published, the
    steps that suppliers rely on (need to criteria) change by amendment, not by reopening.
    """
    if not reason.strip():
        raise Refused("reason_needed")
    if wanted not in STAGES or position(wanted) >= position(current):
        raise Refused("step_not_passed", step=wanted)
    if event_published and position(wanted) <= position("criteria"):
        raise Refused("event_is_published")
    return list(STAGES[position(wanted) : min(position(current), len(STAGES) - 1) + 1])


def marks(current: str, reopened: frozenset[str]) -> list[StageMark]:
    """The six-step bar."""
    place = position(current)
    out: list[StageMark] = []
    for index, stage in enumerate(STAGES):
        if index < place:
            out.append(StageMark(stage, "done"))
        elif index == place:
            out.append(StageMark(stage, "reopened" if stage in reopened else "current"))
        else:
            out.append(StageMark(stage, "later"))
    return out
