"""The mean quality of the winners as a variable, where lots may be won more than once and its weight varies.

mean * sum(weight_c x_c) = sum(weight_c quality_c x_c) is made linear with w_c = mean * x_c, which is exact because
every x_c is 0 or 1: 0 <= w_c <= most x_c and mean - most (1 - x_c) <= w_c <= mean (McCormick).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from srm_portal.awards.domain.solver.model import Model, unit_scale
from srm_portal.awards.domain.solver.rows import INF


def with_mean_quality(model: Model) -> tuple[Model, int]:
    """The model with the variable, and its position."""
    columns, mip = model.columns, model.mip
    n, first = columns.n, len(mip.cost)
    mean, w, x = first, first + 1 + np.arange(n), np.arange(n)
    most = float(columns.quality.max(initial=0.0))
    wider = replace(
        mip,
        cost=np.concatenate([mip.cost, np.zeros(n + 1)]),
        lower=np.concatenate([mip.lower, np.zeros(n + 1)]),
        upper=np.concatenate([mip.upper, np.full(n + 1, most)]),
        integer=np.concatenate([mip.integer, np.zeros(n + 1, dtype=np.bool_)]),
    )
    model = replace(model, mip=wider)
    factor = unit_scale(float((columns.weight * np.maximum(columns.quality, 1.0)).max(initial=0.0)))
    weight = columns.weight * factor
    model = model.with_row(np.concatenate([w, x]), np.concatenate([weight, -weight * columns.quality]), 0.0, 0.0)
    for c in range(n):
        model = model.with_row(np.array([w[c], x[c]]), np.array([1.0, -most]), -INF, 0.0)
        model = model.with_row(np.array([w[c], mean]), np.array([1.0, -1.0]), -INF, 0.0)
        model = model.with_row(np.array([w[c], mean, x[c]]), np.array([1.0, -1.0, -most]), -most, INF)
    return model, mean
