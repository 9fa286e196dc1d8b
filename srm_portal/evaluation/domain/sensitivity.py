"""How far the result can be trusted: weight ranges, the smallest change that matters, withdrawals, tornado."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from srm_portal.evaluation.domain.figures import NOISE, Array, printed, settled
from srm_portal.evaluation.domain.methods import Additive, Model
from srm_portal.evaluation.domain.ranking import competition, winners

SCAN_STEPS = 512
BISECTIONS = 50


@dataclass(frozen=True, slots=True)
class Stability:
    """The range of one weight, the others rescaled in proportion, in which the winner stays first.

    `below` and `above` are the offers that take over beyond the ends; None where the end is 0 or 1.
    """

    low: float
    high: float
    below: int | None = None
    above: int | None = None


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """The least change of one weight that gives another winner (a tie exactly at `to`)."""

    criterion: int
    start: float
    to: float
    new_winner: int


def reweighted(weights: Array, criterion: int, share: Array) -> Array:
    """Weight vectors (B, n) in which `criterion` has the given shares (B,) and the others keep their proportions.

    Where the others have nothing to keep (the criterion holds all the weight) they share equally.
    """
    others = weights.copy()
    others[criterion] = 0.0
    total = others.sum()
    if total <= 0 and len(weights) > 1:
        others[:] = 1.0
        others[criterion] = 0.0
        total = others.sum()
    rows = np.outer(1.0 - share, others / total if total > 0 else others)
    rows[:, criterion] = share
    return rows


def intervals(model: Model, weights: Array, winner: int) -> list[Stability]:
    """For each criterion the range of its weight in which `winner` stays first.

    Closed form where the score is linear in the weights, otherwise a scan outwards from today's weight (512 steps
    over 0..1, then bisection to 1e-12): a range narrower than a step beyond the first change is not looked for.
    """
    find = _closed_form if isinstance(model, Additive) else _scanned
    if len(weights) == 1:
        return [Stability(0.0, 1.0)]
    return [find(model, weights, winner, criterion) for criterion in range(len(weights))]


def _closed_form(model: Model, weights: Array, winner: int, criterion: int) -> Stability:
    """The lead over each rival is a straight line in the weight; its zero is where the rival takes over."""
    ends = model.scores(reweighted(weights, criterion, np.array([0.0, 1.0])))
    scale = max(1.0, float(np.abs(ends).max()))
    at_zero, at_one = (settled((row[winner] - row) / scale) for row in ends)
    slope = at_zero - at_one
    crossing = np.divide(at_zero, slope, out=np.zeros_like(slope), where=slope != 0)
    falling = np.where(at_one < 0, crossing, np.inf)
    rising = np.where(at_zero < 0, crossing, -np.inf)
    today = float(weights[criterion])
    above, below = int(np.argmin(falling)), int(np.argmax(rising))
    return Stability(
        low=min(today, float(max(0.0, rising[below]))),
        high=max(today, float(min(1.0, falling[above]))),
        below=below if rising[below] > -np.inf else None,
        above=above if falling[above] < np.inf else None,
    )


def _scanned(model: Model, weights: Array, winner: int, criterion: int) -> Stability:
    def lead(share: Array) -> tuple[Array, Array]:
        rows = model.scores(reweighted(weights, criterion, share))
        return rows[:, winner] - rows.max(axis=1), rows.argmax(axis=1)

    def edge(inside: float, outside: float) -> tuple[float, int]:
        for _ in range(BISECTIONS):
            middle = (inside + outside) / 2
            behind, _who = lead(np.array([middle]))
            inside, outside = (middle, outside) if behind[0] >= -NOISE else (inside, middle)
        return inside, int(lead(np.array([outside]))[1][0])

    today = float(weights[criterion])
    grid = np.linspace(0.0, 1.0, SCAN_STEPS + 1)
    behind, _who = lead(grid)
    lost = grid[behind < -NOISE]
    lower, upper = lost[lost < today], lost[lost > today]
    low, below = edge(_step_to(grid, float(lower[-1]), today, 1), float(lower[-1])) if len(lower) else (0.0, None)
    high, above = edge(_step_to(grid, float(upper[0]), today, -1), float(upper[0])) if len(upper) else (1.0, None)
    return Stability(low, high, below, above)


def _step_to(grid: Array, lost: float, today: float, way: int) -> float:
    """The point next to a lost one on the side of today's weight, never beyond it."""
    beside = grid[int(np.searchsorted(grid, lost)) + way]
    return min(today, float(beside)) if way > 0 else max(today, float(beside))


def smallest_change(found: Sequence[Stability], weights: Array) -> SmallestChange | None:
    """The nearest end of all ranges beyond which somebody else wins; None where no single weight matters."""
    best: SmallestChange | None = None
    for criterion, (range_, weight) in enumerate(zip(found, weights, strict=True)):
        today = float(weight)
        for to, rival in ((range_.low, range_.below), (range_.high, range_.above)):
            if rival is not None and (best is None or abs(to - today) < abs(best.to - best.start) - NOISE):
                best = SmallestChange(criterion, today, to, rival)
    return best


@dataclass(frozen=True, slots=True)
class Reversal:
    """Without the loser `withdrawn`, `first` stand first; they did not before. `order_only`: the winner stays,
    but other offers change places."""

    withdrawn: int
    first: tuple[int, ...]
    order_only: bool = False


def withdrawals(
    ranking: Sequence[int | None],
    without: Callable[[int], Array],
    candidates: Sequence[int] | None = None,
    *,
    winner_only: bool = False,
) -> list[Reversal]:
    """Take each losing offer away in turn and look whether the others keep their order.

    `ranking` holds the ranks of the admissible offers; `without(k)` gives the scores (larger is better) of the
    others, in order, as if k had never been offered. `candidates` limits the test to offers that can matter;
    `winner_only` looks at the first place alone.
    """
    first = winners(ranking)
    ranks = np.array([rank or 0 for rank in ranking])
    unchanged = _plainly_same_first if winner_only else _plainly_same_order
    found = []
    for loser in range(len(ranking)) if candidates is None else candidates:
        if loser in first or len(ranking) < 3:
            continue
        rest = np.delete(np.arange(len(ranking)), loser)
        scores = settled(without(loser))
        if unchanged(ranks[rest], scores):
            continue
        after = competition([Decimal(printed(float(score))) for score in scores])
        now_first = tuple(int(rest[place]) for place in sorted(winners(after)))
        if frozenset(now_first) != first:
            found.append(Reversal(loser, now_first))
        elif not winner_only and competition([Decimal(-int(rank)) for rank in ranks[rest]]) != after:
            found.append(Reversal(loser, now_first, order_only=True))
    return found


def _plainly_same_first(ranks: npt.NDArray[np.int_], scores: Array) -> bool:
    """Whether the first place stays as it is by more than printing could hide; False means: look closely."""
    best = float(scores.max())
    clear = 1e-10 * max(1.0, abs(best))
    return bool(np.all(np.where(ranks == 1, best - scores < NOISE, best - scores > clear)))


def _plainly_same_order(ranks: npt.NDArray[np.int_], scores: Array) -> bool:
    """Whether the scores keep the order of the ranks by more than printing could hide; False means: look closely."""
    order = np.argsort(ranks, kind="stable")
    steps = -np.diff(scores[order])
    tied = np.diff(ranks[order]) == 0
    clear = 1e-10 * max(1.0, float(np.abs(scores).max(initial=0.0)))
    return bool(np.all(np.where(tied, np.abs(steps) < NOISE, steps > clear)))


@dataclass(frozen=True, slots=True)
class Swing:
    """What one weight can do to the leader's lead: with the weight at `low` and at `high`, the others rescaled."""

    criterion: int
    low: float
    high: float
    lead_at_low: float
    lead_at_high: float


def tornado(model: Model, weights: Array, winner: int, relative: float = 0.2) -> list[Swing]:
    """The winner's lead over its best rival when each weight moves by `relative` of itself, widest bar first."""
    if model.offers < 2:
        return []
    bars = []
    for criterion, weight in enumerate(weights):
        ends = np.clip(np.array([weight * (1 - relative), weight * (1 + relative)]), 0.0, 1.0)
        rows = model.scores(reweighted(weights, criterion, ends))
        leads = rows[:, winner] - np.delete(rows, winner, axis=1).max(axis=1)
        bars.append(Swing(criterion, float(ends[0]), float(ends[1]), float(leads[0]), float(leads[1])))
    return sorted(bars, key=lambda bar: (-abs(bar.lead_at_high - bar.lead_at_low), bar.criterion))


def without_each_evaluator(cube: Array, weights: Array, voices: Array) -> list[tuple[int, ...]]:
    """Who stands first when evaluator e is left out: cube (E, N, n), weights (n,), voices (E,) -> E tuples of rows.

    With a single evaluator nobody can be left out and the list is empty.
    """
    marks = np.matmul(cube, weights)
    found: list[tuple[int, ...]] = []
    for left_out in range(cube.shape[0]) if cube.shape[0] > 1 else ():
        voice = voices.copy()
        voice[left_out] = 0.0
        if voice.sum() <= 0:
            found.append(())
            continue
        scores = settled(voice @ marks / voice.sum())
        found.append(tuple(sorted(winners(competition([Decimal(printed(float(score))) for score in scores])))))
    return found


def effective_weights(contributions: Array, weights: Array) -> Array:
    """What the weights amount to, given how far the offers differ: w_j * (max v_j - min v_j), normalised to 1.

    Evaluators who give everybody 7 or 8 of 10 hand the decision to the price. All zeros where nothing differs.
    """
    if contributions.shape[0] == 0:
        return np.zeros_like(weights)
    moved = weights * (contributions.max(axis=0) - contributions.min(axis=0))
    total = moved.sum()
    return moved / total if total > 0 else np.zeros_like(weights)
