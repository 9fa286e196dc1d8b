"""Which suppliers to use, in numpy alone: each lot goes to the cheapest supplier used, each costs its fixed cost.

This is simple plant location with at most K plants. Greedy and interchange find the award (Whitaker's evaluation of
all swaps at once with the best and second-best supplier per lot); a Lagrangian relaxation of "each lot once" bounds
what any award can cost (Cornuejols, Fisher and Nemhauser 1977).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from srm_portal.awards.domain.columns import Bools, Floats, Ints

CHEAPEST_BIDS = 24
STEPS_MAX = 120
SWAPS_MAX = 400


@dataclass(frozen=True, slots=True)
class Choice:
    """`used` (k,) suppliers; `cost` of the award they make; `missing` lots that none of them bid for."""

    used: Bools
    cost: float
    missing: int


@dataclass(frozen=True, slots=True)
class Bound:
    """`value` no award can beat; `multipliers` (m,) prices of the lots; `reduced` (k,) what using a supplier adds."""

    value: float
    multipliers: Floats
    reduced: Floats


def choose(cost: Floats, fixed: Floats, most: int, *, least: int = 0) -> Choice:
    """Pick `least` to `most` suppliers. `cost` is (m lots, k suppliers), inf where there is no bid."""
    lots, suppliers = cost.shape
    finite = np.isfinite(cost)
    dear = 10.0 * (float(np.abs(cost[finite]).max(initial=1.0)) + float(np.abs(fixed).sum()) + 1.0)
    matrix = np.where(finite, cost, dear)
    used = np.zeros(suppliers, dtype=np.bool_)
    _grow(matrix, fixed, used, (least, most), dear)
    _interchange(matrix, fixed, used, (least, most), dear)
    best = matrix[:, used].min(axis=1) if used.any() else np.full(lots, dear)
    missing = int((best >= dear).sum())
    return Choice(used, float(best.sum() + fixed[used].sum()), missing)


def _grow(matrix: Floats, fixed: Floats, used: Bools, counts: tuple[int, int], dear: float) -> None:
    """Add the supplier that saves most until none saves anything (and there are enough)."""
    least, most = counts
    best, saved = np.full(len(matrix), dear), np.empty_like(matrix)
    while used.sum() < min(most, len(used)):
        np.subtract(best[:, None], matrix, out=saved)
        gain = np.maximum(saved, 0.0, out=saved).sum(axis=0) - fixed
        gain[used] = -np.inf
        s = int(gain.argmax())
        if gain[s] <= 0 and used.sum() >= least:
            return
        used[s] = True
        best = np.minimum(best, matrix[:, s])


def _interchange(matrix: Floats, fixed: Floats, used: Bools, counts: tuple[int, int], dear: float) -> None:
    """Make the best of all swaps, additions and removals until none saves anything."""
    rows, scratch = np.arange(len(matrix)), np.empty_like(matrix)
    least, most = counts
    for _ in range(SWAPS_MAX):
        inside = np.flatnonzero(used)
        if not len(inside):
            return
        own = matrix[:, inside]
        holder = own.argmin(axis=1)
        first = own[rows, holder]
        own[rows, holder] = dear
        second = own.min(axis=1)
        np.subtract(first[:, None], matrix, out=scratch)
        gain = np.maximum(scratch, 0.0, out=scratch).sum(axis=0) - fixed  # of adding s
        loss = np.bincount(holder, second - first, len(inside)) - fixed[inside]  # of removing r
        np.maximum(first[:, None], matrix, out=scratch)
        np.subtract(second[:, None], scratch, out=scratch)
        kept = np.maximum(scratch, 0.0, out=scratch)  # loss that s makes good
        order = np.argsort(holder, kind="stable")
        holders = holder[order]
        starts = np.searchsorted(holders, np.arange(len(inside)))
        full = np.bincount(holder, minlength=len(inside)) > 0
        good = np.zeros((len(inside), matrix.shape[1]))
        if full.any():
            good[full] = np.add.reduceat(kept[order], starts[full], axis=0)
        swap = gain[None, :] - loss[:, None] + good
        swap[:, used] = -np.inf
        gain[used] = -np.inf
        r, s = np.unravel_index(int(swap.argmax()), swap.shape)
        addition = float(gain.max()) if used.sum() < most else -np.inf
        removal = float(-loss.min()) if used.sum() > least else -np.inf
        moves = (float(swap[r, s]), addition, removal)
        best = max(moves)
        if best <= 1e-9 * dear:
            return
        if best == moves[2]:
            used[inside[int(loss.argmin())]] = False
        elif best == moves[1]:
            used[int(gain.argmax())] = True
        else:
            used[inside[r]], used[s] = False, True


def bound(cost: Floats, fixed: Floats, most: int, target: float, *, steps: int = STEPS_MAX) -> Bound:
    """Raise the Lagrangian bound by subgradient steps towards `target`, the cost of a known award.

    Only each lot's cheapest bids matter as long as its multiplier stays below the next one: multipliers are
    clipped there, which keeps the bound valid.
    """
    lots, suppliers = cost.shape
    width = min(CHEAPEST_BIDS, suppliers)
    who = np.argpartition(cost, width - 1, axis=1)[:, :width]
    near = np.take_along_axis(cost, who, axis=1)
    ceiling = near.max(axis=1) if width < suppliers else np.full(lots, np.inf)
    bids = np.sort(near, axis=1)
    u = np.minimum(np.where(np.isfinite(bids[:, min(1, width - 1)]), bids[:, min(1, width - 1)], bids[:, 0]), ceiling)
    flat, slack = who.ravel(), np.empty_like(near)
    best = Bound(-np.inf, u, fixed)
    pace, stale = 1.0, 0
    for _ in range(steps):
        np.subtract(near, u[:, None], out=slack)
        np.minimum(slack, 0.0, out=slack)
        reduced = fixed + np.bincount(flat, slack.ravel(), suppliers)
        chosen = np.zeros(suppliers, dtype=np.bool_)
        chosen[np.argsort(reduced, kind="stable")[:most]] = True
        chosen &= reduced < 0
        value = float(u.sum() + reduced[chosen].sum())
        stale += 1
        if value > best.value:
            stale = 0 if value > best.value + 1e-6 * abs(value) else stale
            best = Bound(value, u, reduced)
        if stale >= 5:
            pace, stale, u = pace / 2, 0, best.multipliers
            if pace < 1e-3:
                break
        slope = 1.0 - ((slack < 0) & chosen[who]).sum(axis=1)
        length = float(slope @ slope)
        if length == 0 or value >= target:
            break
        u = np.minimum(u + pace * (target - value) / length * slope, ceiling)
    return best


def assign(cost: Floats, used: Bools) -> Ints:
    """The supplier of each lot: the cheapest used one, the first among equals."""
    inside = np.flatnonzero(used)
    winners: Ints = inside[cost[:, inside].argmin(axis=1)]
    return winners
