"""Award scenarios: the documents behind the buttons of the award room, and the verdict on any allocation.

A scenario starts from the event's facts (an award file with lots, suppliers, offers and what always holds) and adds
its own objective and constraints, so each can be exported and solved again outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from srm_portal.awards.domain.aim import Outcome
from srm_portal.awards.domain.award_file import best
from srm_portal.awards.domain.check import Violation, check, cost_of, measure, quality_of, savings_of
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.kernel.errors import InputError

Document = dict[str, Any]
Solve = Callable[[Problem], Outcome]


def cheapest(facts: Document) -> Document:
    """The lowest cost."""
    return {**facts, "objective": {"kind": "cost"}}


def best_score(facts: Document, price_weight: str, quality_weight: str) -> Document:
    """The most points of price and quality."""
    goal = {"kind": "weighted", "price_weight": price_weight, "quality_weight": quality_weight}
    return {**facts, "objective": goal}


def best_of(facts: Document, suppliers: int) -> Document:
    """The lowest cost with at most so many suppliers."""
    return constrained(cheapest(facts), {"kind": "max_suppliers", "value": suppliers})


def incumbents(facts: Document) -> Document:
    """Every lot stays with its incumbent where they bid for it; the other lots go to the cheapest."""
    bids = {(offer["supplier"], offer["lot"]) for offer in facts["offers"]}
    bids |= {(package["supplier"], lot) for package in facts.get("packages", []) for lot in package["lots"]}
    held = {lot["id"]: lot.get("incumbent") for lot in facts["lots"]}
    return own_choices(facts, {lot: s for lot, s in held.items() if s is not None and (s, lot) in bids})


def own_choices(facts: Document, choices: Mapping[str, str]) -> Document:
    """These lots go to these suppliers (lot id -> supplier id), the others to the cheapest."""
    rules = ({"kind": "fix", "lot": lot, "supplier": supplier} for lot, supplier in choices.items())
    return constrained(cheapest(facts), *rules)


def constrained(document: Document, *rules: Document) -> Document:
    """The same document with more constraints, last."""
    return {**document, "constraints": [*document.get("constraints", []), *rules]}


def by_hand(problem: Problem, shares: Mapping[tuple[str, str], Fraction], packages: tuple[str, ...] = ()) -> Allocation:
    """An allocation made by a person: (lot id, supplier id) -> share, and package ids.

    Raises InputError where the supplier has no offer for the lot or the package is unknown.
    """
    lot_at = {lot.id: i for i, lot in enumerate(problem.lots)}
    supplier_at = {supplier.id: i for i, supplier in enumerate(problem.suppliers)}
    offer_at = {(offer.lot, offer.supplier): i for i, offer in enumerate(problem.offers)}
    package_at = {package.id: i for i, package in enumerate(problem.packages)}
    won = {}
    for (lot, supplier), share in shares.items():
        index = offer_at.get((lot_at.get(lot, -1), supplier_at.get(supplier, -1)))
        if index is None:
            raise InputError(f"choices.{lot}", "must be a supplier with an offer for this lot")
        won[index] = share
    if unknown := [name for name in packages if name not in package_at]:
        raise InputError("packages", f"must be ids of packages; {unknown[0]} is unknown")
    return Allocation(tuple(sorted(won.items())), tuple(sorted(package_at[name] for name in packages)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """An allocation judged. Money and shares are exact; `savings_share` is None where the baseline is 0 or unknown."""

    cost: Fraction
    baseline: Fraction | None
    savings: Fraction | None
    savings_share: Fraction | None
    quality: Fraction | None
    spend: dict[int, Fraction]
    violations: tuple[Violation, ...]


def judge(problem: Problem, allocation: Allocation) -> Verdict:
    """Cost, savings, quality, spend per supplier and every broken rule, whether solved or made by hand."""
    measures = measure(problem, allocation)
    cost = cost_of(problem, measures)
    savings = savings_of(problem, cost)
    baseline = None if savings is None else savings + cost
    return Verdict(
        cost=cost,
        baseline=baseline,
        savings=savings,
        savings_share=savings / baseline if savings is not None and baseline else None,
        quality=quality_of(problem, measures),
        spend=measures.spend,
        violations=tuple(check(problem, allocation)),
    )


@dataclass(frozen=True, slots=True)
class ConstraintPrice:
    """What one constraint costs: `in_context` of all the others, and `alone` against none. None where unknown."""

    index: int
    in_context: Fraction | None
    alone: Fraction | None


def constraint_prices(problem: Problem, outcome: Outcome, solve: Solve = best) -> tuple[ConstraintPrice, ...]:
    """Price every constraint both ways; the two differ where constraints reinforce or excuse each other.

    `outcome` is the problem's own; `solve` is `best` or, for a quick look, `fast`.
    """
    free = solve(problem.having(())).cost

    def minus(left: Fraction | None, right: Fraction | None) -> Fraction | None:
        return None if left is None or right is None else left - right

    return tuple(
        ConstraintPrice(
            index,
            in_context=minus(outcome.cost, solve(problem.without(index)).cost),
            alone=minus(solve(problem.having((index,))).cost, free),
        )
        for index in range(len(problem.constraints))
    )


__all__ = [
    "ConstraintPrice",
    "Verdict",
    "best_of",
    "best_score",
    "by_hand",
    "cheapest",
    "check",
    "constrained",
    "constraint_prices",
    "incumbents",
    "judge",
    "own_choices",
]
