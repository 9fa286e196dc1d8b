"""How the offers of a project are evaluated: agreed before the opening, beside the criteria themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from srm_portal.evaluation.domain.joint import RULES, Rule
from srm_portal.evaluation.domain.ranking import TIE_BREAKS
from srm_portal.kernel.errors import FieldProblem

TOLD = ("full", "weights", "order")
"""What suppliers are told: formulas and weights, weights alone, or only the order of importance. Knock-outs always."""
COMMENTS = ("ends", "all", "none")


@dataclass(frozen=True, slots=True)
class PlanValue:
    """`ties` in the order in which they are looked at; `group_minimums` in percent by path of the group.

    `blind`: evaluators see letters instead of the suppliers' names until all scorecards are in.
    """

    told: str = "full"
    blind: bool = False
    rule: Rule = "mean"
    comments: str = "ends"
    ties: tuple[str, ...] = TIE_BREAKS
    group_minimums: Mapping[str, Decimal] = field(default_factory=dict)
    locked_at: datetime | None = None
    locked_by: str = ""


def plan_problems(plan: PlanValue, groups: Sequence[str]) -> list[FieldProblem]:
    """Unknown choices, ties named twice, and least values outside 0 to 100 percent or of groups that are not there."""
    found = [
        FieldProblem(name, "unknown_value", value=value, facts=(("choices", ", ".join(choices)),))
        for name, value, choices in (
            ("told", plan.told, TOLD),
            ("rule", plan.rule, RULES),
            ("comments", plan.comments, COMMENTS),
        )
        if value not in choices
    ]
    if len(set(plan.ties)) != len(plan.ties) or not set(plan.ties) <= set(TIE_BREAKS):
        facts = (("choices", ", ".join(TIE_BREAKS)),)
        found.append(FieldProblem("ties", "unknown_value", value=", ".join(plan.ties), facts=facts))
    for path, least in plan.group_minimums.items():
        if path not in groups:
            found.append(FieldProblem("group_minimums", "no_such_group", value=path))
        elif not (least.is_finite() and 0 <= least <= 100):
            found.append(FieldProblem("group_minimums", "percent_out_of_range", value=str(least)))
    return found


def comment_owed(rule: str, points: Decimal, scale: Decimal) -> bool:
    """Whether a mark needs a word: the ends of the scale by default."""
    return rule == "all" or (rule == "ends" and points in (0, scale))


def letters(project_id: str, supplier_ids: Iterable[str]) -> dict[str, str]:
    """A letter for each supplier that says nothing of the name: A, B ... Z, AA, AB ..."""
    shuffled = sorted(supplier_ids, key=lambda one: hashlib.sha256(f"{project_id}|{one}".encode()).digest())
    return {supplier_id: _letter(at) for at, supplier_id in enumerate(shuffled)}


def _letter(at: int) -> str:
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text
