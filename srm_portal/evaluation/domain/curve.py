"""The value function of a criterion as a line to draw."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from srm_portal.evaluation.domain.assembly import value_function
from srm_portal.evaluation.domain.score_input import read_value
from srm_portal.evaluation.domain.sheet import CriterionValue
from srm_portal.evaluation.domain.values import evaluate, is_relative

STEPS = 60
LOWEST = Fraction(100)
"""Formulas that look at other offers are drawn for a lowest offer of 100 and a highest of 300."""


@dataclass(frozen=True, slots=True)
class Curve:
    """`xs` rising and their values 0..1; `relative`: drawn for made-up offers of 100 to 300."""

    xs: tuple[float, ...]
    vs: tuple[float, ...]
    relative: bool


def curve(one: CriterionValue) -> Curve | None:
    """None where there is no scale to draw: answers that are listed with their values."""
    if one.function == "table":
        return None
    function = read_value(value_function(one), "value")
    low, high = _ends(one)
    if low == high:
        return None
    relative = is_relative(function)
    if relative:
        low, high = float(LOWEST), float(3 * LOWEST)
    xs = np.linspace(low, high, STEPS + 1)
    if one.function == "piecewise":
        xs = np.unique(np.concatenate([xs, [float(x) for x, _v in one.points]]))
    if one.function == "target" and one.ideal is not None:
        xs = np.unique(np.append(xs, float(one.ideal)))
    vs = evaluate(function, xs, "min" if one.falling else "max")
    return Curve(tuple(float(x) for x in xs), tuple(float(v) for v in vs), relative)


def _ends(one: CriterionValue) -> tuple[float, float]:
    """A tenth beyond the range, so that the flat ends show."""
    if one.function == "points" or (one.manual and one.function != "piecewise"):
        return 0.0, float(one.scale)
    if one.function == "piecewise":
        low, high = float(one.points[0][0]), float(one.points[-1][0])
    elif one.worst is not None and one.best is not None:
        low, high = sorted((float(one.worst), float(one.best)))
    else:
        return 100.0, 300.0
    beyond = (high - low) / 10
    return max(0.0, low - beyond) if low >= 0 else low - beyond, high + beyond
