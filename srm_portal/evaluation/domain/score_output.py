"""A problem written as a scoring file, so that outsiders can repeat a ranking of the portal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from srm_portal.evaluation.domain import values
from srm_portal.evaluation.domain.criteria import Cell, Criterion, KnockOut
from srm_portal.evaluation.domain.score_input import Problem


def as_file(problem: Problem, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    """The document that `scoring_file.run` reads back into the same problem.

    Raises ValueError for a number that has no finite decimal text; marks, weights and prices all have one.
    """
    document: dict[str, Any] = {
        "method": problem.method,
        "alternatives": list(problem.alternatives),
        "criteria": _tree(problem.tree),
        "matrix": [[_cell(cell) for cell in row] for row in problem.cells],
        "parameters": dict(parameters or {}),
    }
    if problem.wishes is not None:
        wishes: dict[str, Any] = {"intervals": problem.wishes.intervals}
        if problem.wishes.smaa is not None:
            wishes["smaa"] = {"samples": problem.wishes.smaa.samples, "seed": problem.wishes.smaa.seed}
        document["sensitivity"] = wishes
    return document


def exact_text(value: Fraction) -> str:
    """All digits of a number with a finite decimal text: 1/8 is "0.125"; 1/3 raises ValueError."""
    digits = 0
    rest = value.denominator
    for factor in (2, 5):
        count = 0
        while rest % factor == 0:
            rest //= factor
            count += 1
        digits = max(digits, count)
    if rest != 1:
        raise ValueError("no_finite_decimal")
    sign = 1 if value < 0 else 0
    whole = abs(value.numerator) * 10**digits // value.denominator
    return _plain(Decimal((sign, tuple(int(digit) for digit in str(whole)), -digits)))


def _plain(amount: Decimal) -> str:
    """Without exponent and trailing zeros, however many digits there are."""
    text = format(amount, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if amount == 0 else text


def _cell(cell: Cell) -> str | None:
    return exact_text(cell) if isinstance(cell, Fraction) else cell


def _tree(tree: Sequence[Criterion]) -> list[dict[str, Any]]:
    return [_criterion(criterion) for criterion in tree]


def _criterion(criterion: Criterion) -> dict[str, Any]:
    held: dict[str, Any] = {"name": criterion.name}
    if criterion.direction is not None:
        held["direction"] = criterion.direction
    if criterion.weight is not None:
        held["weight"] = exact_text(criterion.weight)
    if criterion.value is not None:
        held["value"] = _value(criterion.value)
    if criterion.knock_out is not None:
        held["knock_out"] = _knock_out(criterion.knock_out)
    if criterion.children:
        held["children"] = _tree(criterion.children)
    return held


def _knock_out(rule: KnockOut) -> dict[str, Any]:
    numbers = {"min": rule.least, "max": rule.most, "min_score": rule.min_score}
    held: dict[str, Any] = {name: exact_text(value) for name, value in numbers.items() if value is not None}
    if rule.must:
        held["must"] = [_cell(answer) for answer in rule.must]
    return held


def _value(function: values.ValueFunction) -> dict[str, Any]:
    match function:
        case values.Linear(worst, best):
            return _with("linear", worst=worst, best=best)
        case values.Piecewise(xs, vs):
            return {"kind": "piecewise", "xs": [exact_text(x) for x in xs], "vs": [exact_text(v) for v in vs]}
        case values.Raw():
            return _with("raw")
        case values.Points(full):
            return _with("points", max=full)
        case values.BestWorst():
            return _with("linear_best_worst")
        case values.OfBest():
            return _with("linear_max")
        case values.PriceInverse():
            return _with("price_inverse")
        case values.PriceFromLowest():
            return _with("price_linear_from_lowest")
        case values.PriceAbsolute(ceiling, floor):
            return _with("price_absolute", ceiling=ceiling, floor=floor)
        case values.Table(answers):
            return {"kind": "table", "values": {answer: exact_text(value) for answer, value in answers.items()}}
        case values.Exponential(rho, worst, best):
            return _with("exponential", rho=rho, worst=worst, best=best)
        case values.Target(worst, best, ideal):
            return _with("target", worst=worst, best=best, ideal=ideal)


def _with(kind: str, **numbers: Fraction | None) -> dict[str, Any]:
    return {"kind": kind, **{name: exact_text(value) for name, value in numbers.items() if value is not None}}
