"""What a formula does that its author may not want, each shown by two scoring files that rank differently.

Read before the criteria are published, when no offer is known: the offers in the files are made up for the purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from srm_portal.evaluation.domain.assembly import as_criterion
from srm_portal.evaluation.domain.figures import as_exact
from srm_portal.evaluation.domain.linter import counterexample
from srm_portal.evaluation.domain.score_input import read_value
from srm_portal.evaluation.domain.score_output import exact_text
from srm_portal.evaluation.domain.sheet import CriterionValue
from srm_portal.evaluation.domain.values import ValueFunction, evaluate

RELATIVE = frozenset({"price_inverse", "price_linear_from_lowest", "linear_best_worst", "linear_max"})
DIVIDES = frozenset({"price_inverse", "price_linear_from_lowest", "linear_max"})
FLAT = Fraction(1, 20)
"""Offers a tenth above and a tenth below the estimate should differ by more than this share of the points."""
HALFWAY = Fraction(51, 100)
ROUND = 10**6


@dataclass(frozen=True, slots=True)
class Trap:
    """A code, the criterion, and two scoring files: `published` ranks otherwise than `compared`.

    Codes: `loser_decides` (compared: without the last offer, which does not win), `middle_cannot_win` (compared: a
    straight line between the same ends), `breaks_on_zero` (compared: nobody asks 0), `penny_decides` and
    `clipped_at_twice` (compared: a range fixed in advance), `range_misses_estimate` and `range_too_wide` (compared: a
    range around the estimate), `without_effect` (compared: without the criterion; nothing changes), `not_monotone`
    (compared: nothing; the better mark gets fewer points).
    """

    code: str
    criterion: str
    published: Mapping[str, Any]
    compared: Mapping[str, Any] | None = None


def traps(criteria: Sequence[CriterionValue], *, estimate: Fraction | None = None) -> list[Trap]:
    """Every trap of criteria that are complete (`criterion_problems` finds nothing but the sum of the weights).

    `estimate`: what the buyer expects the whole to cost.
    """
    whole = sum((Fraction(one.weight) for one in criteria), Fraction(0))
    found: list[Trap] = []
    for one in criteria:
        share = Fraction(one.weight) / whole if whole else Fraction(0)
        if not share:
            continue
        leaf = as_criterion(one)
        if share < 1 and one.function in RELATIVE:
            found += [trap for trap in _relative(leaf, share) if trap]
        if share < 1:
            found += [trap for trap in (_middle(one, leaf, share), _range(one, leaf, share, estimate)) if trap]
        found += [trap for trap in (_without_effect(one, leaf, share), _not_monotone(one, leaf)) if trap]
    return found


def _file(leaf: Mapping[str, Any], share: Fraction, marks: Sequence[Any], rest: Sequence[Fraction]) -> dict[str, Any]:
    """A scoring file of offers A, B, C... with `marks` on the criterion and the value `rest` of everything else."""
    part = _rounded(share)
    plain_leaf = {name: value for name, value in leaf.items() if name != "knock_out"}
    return {
        "method": "weighted_sum",
        "alternatives": [chr(65 + at) for at in range(len(marks))],
        "criteria": [
            plain_leaf | {"weight": exact_text(part * 100)},
            {"name": "…", "direction": "max", "weight": exact_text((1 - part) * 100), "value": {"kind": "raw"}},
        ],
        "matrix": [[_text(mark), exact_text(_rounded(value))] for mark, value in zip(marks, rest, strict=True)],
        "parameters": {},
    }


def _rounded(value: Fraction) -> Fraction:
    return Fraction(round(value * ROUND), ROUND)


def _text(mark: Any) -> str:
    return exact_text(mark) if isinstance(mark, Fraction) else str(mark)


def _without_last(file: Mapping[str, Any]) -> dict[str, Any]:
    return {**file, "alternatives": file["alternatives"][:-1], "matrix": file["matrix"][:-1]}


def _with_value(file: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    first, *others = file["criteria"]
    return {**file, "criteria": [{**first, "value": dict(value)}, *others]}


def _relative(leaf: Mapping[str, Any], share: Fraction) -> list[Trap | None]:
    kind = leaf["value"]["kind"]
    found: list[Trap | None] = [_loser(leaf, share)]
    if kind in DIVIDES and leaf["direction"] == "min":
        found.append(_zero(leaf, share))
    if kind == "linear_best_worst" and leaf["direction"] == "min":
        found.append(_penny(leaf, share))
    if kind == "price_linear_from_lowest":
        found.append(_twice(leaf, share))
    return found


def _loser(leaf: Mapping[str, Any], share: Fraction) -> Trap | None:
    example = counterexample(_function(leaf), share, leaf["direction"])
    if example is None:
        return None
    file = _file(leaf, share, example.marks, example.rest)
    return Trap("loser_decides", leaf["name"], file, _without_last(file))


def _edge(share: Fraction, most: Fraction = Fraction(1, 5)) -> Fraction:
    """A lead on everything else that a tenth of the points of the criterion would outweigh."""
    return min(most, share / (1 - share) / 10)


def _zero(leaf: Mapping[str, Any], share: Fraction) -> Trap:
    """A asks nothing: then B at 1 and C at 100 get the same, and the little that C is better decides."""
    rest = (Fraction(0), Fraction(1, 2), Fraction(1, 2) + _edge(share))
    file = _file(leaf, share, (Fraction(0), Fraction(1), Fraction(100)), rest)
    return Trap(
        "breaks_on_zero", leaf["name"], file, _file(leaf, share, (Fraction(1), Fraction(1), Fraction(100)), rest)
    )


def _penny(leaf: Mapping[str, Any], share: Fraction) -> Trap:
    """Two offers one per cent apart: the whole weight lies between them, however much better the dearer one is."""
    lead = min(Fraction(1), share / (1 - share) / 2)
    file = _file(leaf, share, (Fraction(100), Fraction(101)), (1 - lead, Fraction(1)))
    return Trap("penny_decides", leaf["name"], file, _with_value(file, _fixed(Fraction(200), Fraction(50))))


def _twice(leaf: Mapping[str, Any], share: Fraction) -> Trap:
    """B at twice and C at ten times the lowest price get the same nothing."""
    rest = (Fraction(0), Fraction(1, 2), Fraction(1, 2) + _edge(share))
    file = _file(leaf, share, (Fraction(100), Fraction(200), Fraction(1000)), rest)
    return Trap("clipped_at_twice", leaf["name"], file, _with_value(file, _fixed(Fraction(1000), Fraction(100))))


def _fixed(worst: Fraction, best: Fraction) -> dict[str, str]:
    return {"kind": "linear", "worst": exact_text(worst), "best": exact_text(best)}


def _function(leaf: Mapping[str, Any]) -> ValueFunction:
    return read_value(leaf["value"], "value")


def _middle(one: CriterionValue, leaf: Mapping[str, Any], share: Fraction) -> Trap | None:
    """Halfway in marks but less than halfway in points: an offer a little better than halfway wins by the straight
    line, and by this formula at no weight at all. Shown with the two ends level, at the weight of the criterion or, where
    everything else cannot make up for it, the greatest at which it can."""
    if one.kind in ("yes_no", "choice"):
        return None
    low, high = _ends(one)
    good, bad = (low, high) if _valued(leaf, (low, high))[0] > _valued(leaf, (low, high))[1] else (high, low)
    marks = (bad, (good + bad) / 2, good)
    worst, half, best = _valued(leaf, marks)
    if best <= worst:
        return None
    share = min(share, 1 / (1 + best - worst))
    lead = share / (1 - share) * (best - worst)
    fall = (best - half) / (best - worst)
    if fall <= HALFWAY:
        return None
    file = _file(leaf, share, marks, (lead, (Fraction(1, 2) + fall) / 2 * lead, Fraction(0)))
    return Trap("middle_cannot_win", leaf["name"], file, _with_value(file, _line(marks, worst, best)))


def _line(marks: Sequence[Fraction], worst: Fraction, best: Fraction) -> dict[str, Any]:
    """The straight line between the two ends as corners, rising in the marks."""
    corners = sorted([(marks[0], _rounded(worst)), (marks[-1], _rounded(best))])
    return {
        "kind": "piecewise",
        "xs": [exact_text(x) for x, _v in corners],
        "vs": [exact_text(v) for _x, v in corners],
    }


def _ends(one: CriterionValue) -> tuple[Fraction, Fraction]:
    """Marks far apart where the formula has no range of its own."""
    if one.function == "piecewise":
        return Fraction(one.points[0][0]), Fraction(one.points[-1][0])
    if one.worst is not None and one.best is not None and one.function not in RELATIVE:
        return Fraction(min(one.worst, one.best)), Fraction(max(one.worst, one.best))
    if one.manual:
        return Fraction(0), Fraction(one.scale)
    return Fraction(100), Fraction(300)


def _valued(leaf: Mapping[str, Any], marks: Sequence[Fraction]) -> tuple[Fraction, ...]:
    return tuple(Fraction(v) for v in evaluate(_function(leaf), as_exact(list(marks)), leaf["direction"]))


def _range(one: CriterionValue, leaf: Mapping[str, Any], share: Fraction, estimate: Fraction | None) -> Trap | None:
    """A tenth below and a tenth above the estimate must not look alike."""
    if one.kind != "price" or one.function != "price_absolute" or not estimate:
        return None
    marks = (estimate * Fraction(9, 10), estimate * Fraction(11, 10))
    marks = (_rounded(marks[0]), _rounded(marks[1]))
    near, far = _valued(leaf, marks)
    if near - far > FLAT:
        return None
    lead = min(Fraction(1), share / (1 - share) * (near - far + Fraction(1, 10)))
    file = _file(leaf, share, marks, (1 - lead, Fraction(1)))
    around = {
        "kind": "price_absolute",
        "ceiling": exact_text(_rounded(estimate * Fraction(6, 5))),
        "floor": exact_text(_rounded(estimate * Fraction(4, 5))),
    }
    code = "range_misses_estimate" if near == far else "range_too_wide"
    return Trap(code, leaf["name"], file, _with_value(file, around))


def _without_effect(one: CriterionValue, leaf: Mapping[str, Any], share: Fraction) -> Trap | None:
    """Who passes the knock-out gets all the same points: the weight decides nothing, the rest decides alone."""
    mark = _only_mark(one)
    if mark is None:
        return None
    file = _file(leaf, share, (mark, mark), (Fraction(3, 5), Fraction(1, 2)))
    first, second = file["criteria"]
    bare = {name: value for name, value in first.items() if name != "weight"} | {"weight": "0"}
    compared = {**file, "criteria": [bare, {**second, "weight": "100"}]} if share < 1 else None
    return Trap("without_effect", leaf["name"], file, compared)


def _only_mark(one: CriterionValue) -> Any:
    """The mark of every offer that is not knocked out, where there is but one value; None otherwise."""
    if one.kind == "yes_no":
        return "yes" if one.must else None
    if one.kind == "choice":
        left = [(label, value) for label, value in one.options if value > 0 or not one.must]
        return left[0][0] if left and len({value for _label, value in left}) == 1 else None
    if one.function == "linear" and one.minimum is not None and one.worst is not None and one.best is not None:
        passed = one.minimum <= one.best if one.falling else one.minimum >= one.best
        return Fraction(one.minimum) if passed else None
    if one.function == "points" and one.minimum is not None and one.minimum >= one.scale:
        return Fraction(one.scale)
    return None


def _not_monotone(one: CriterionValue, leaf: Mapping[str, Any]) -> Trap | None:
    if one.function != "piecewise":
        return None
    vs = [v for _x, v in one.points]
    steps = [b - a for a, b in pairwise(vs)]
    if all(step >= 0 for step in steps) or all(step <= 0 for step in steps):
        return None
    marks = [Fraction(x) for x, _v in one.points]
    return Trap("not_monotone", leaf["name"], _file(leaf, Fraction(1), marks, [Fraction(0)] * len(marks)))
