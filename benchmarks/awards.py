"""How long awards take: the exact optimiser, the fast pipeline, and plain HiGHS for comparison.

`python -m benchmarks.awards` prints one JSON document. Instances are generated: 40 % of the possible bids, lot
values lognormal, supplier price levels and bid noise as in a usual tender; seed 7.
"""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np

from srm_portal.awards.domain.aim import Outcome
from srm_portal.awards.domain.columns import columns_of
from srm_portal.awards.domain.fast import fast, prepare
from srm_portal.awards.domain.optimise import optimise
from srm_portal.awards.domain.problem import Problem
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.solver.assembly import build
from srm_portal.awards.domain.solver.highs import solve

Document = dict[str, Any]


def document(lots: int, suppliers: int, rules: str, *, density: float = 0.4, seed: int = 7) -> Document:
    """A generated award file. `rules`: "count" (maximum of suppliers, fixed costs), "all" (every business rule)."""
    r = np.random.default_rng(seed)
    value = np.round(np.exp(r.normal(7, 1, lots)), 2)
    level = r.uniform(0.9, 1.15, suppliers)
    price = np.round(value[:, None] * level * r.lognormal(0, 0.08, (lots, suppliers)), 2)
    bids = r.random((lots, suppliers)) < density
    bids[np.arange(lots), r.integers(0, suppliers, lots)] = True
    bids[:, :3] |= r.random((lots, 3)) < 0.7
    incumbent = r.integers(0, suppliers, lots)
    total = float(value.sum())
    everything = rules == "all"
    return {
        "currency": "EUR",
        "lots": [
            {"id": f"L{i}", "baseline": f"{value[i]:.2f}"} | ({"incumbent": f"S{incumbent[i]}"} if everything else {})
            for i in range(lots)
        ],
        "suppliers": [
            {
                "id": f"S{k}",
                "fixed_cost": f"{total * 0.002:.0f}",
                "quality": str(int(r.integers(50, 96))),
                "groups": ["local"] if r.random() < 0.3 else [],
            }
            for k in range(suppliers)
        ],
        "offers": [
            {"supplier": f"S{k}", "lot": f"L{i}", "price": f"{price[i, k]:.2f}"}
            for i, k in zip(*np.nonzero(bids), strict=True)
        ],
        "constraints": _rules(suppliers, everything),
        "switching_cost_rate": "0.03" if everything else "0",
        "limits": {"seconds": 60, "gap": "0.001"},
    }


def _rules(suppliers: int, everything: bool) -> list[Document]:
    most = {"kind": "max_suppliers", "value": max(6, suppliers // 4)}
    if not everything:
        return [most]
    return [
        most,
        {"kind": "min_suppliers", "value": 4},
        {"kind": "max_share", "value": "0.3"},
        {"kind": "min_share_if_used", "value": "0.02"},
        {"kind": "min_share", "group": "local", "value": "0.2"},
        {"kind": "min_quality", "value": "70"},
    ]


SIZES = ((200, 50), (1_000, 100), (5_000, 100))
TARGETS = {"count": (0.3, 0.3, 0.3), "all": (1.0, 5.0, 15.0)}
PLAIN_SECONDS = 120.0
PLAIN_GAP = 1e-4


def run() -> dict[str, Any]:
    """Time every size; the ratio compares the fast pipeline with HiGHS on the whole binary model, same machine."""
    rows = []
    for rules, targets in TARGETS.items():
        for (lots, suppliers), target in zip(SIZES, targets, strict=True):
            rows.append(_timed(lots, suppliers, rules) | {"target_seconds": target})
    return {"fast": rows, "exact": _exact(), "against_plain_highs": _against_plain()}


def _timed(lots: int, suppliers: int, rules: str) -> dict[str, Any]:
    problem = read(document(lots, suppliers, rules))
    started = time.perf_counter()
    prepared = prepare(problem)
    ready, used = time.perf_counter(), time.process_time()
    outcome = fast(problem, prepared=prepared)
    done, used = time.perf_counter(), time.process_time() - used
    return {
        "rules": rules,
        "lots": lots,
        "suppliers": suppliers,
        "bids": len(problem.offers),
        "prepare_seconds": round(ready - started, 3),
        "seconds": round(done - ready, 3),
        "cpu_seconds": round(used, 3),
        "cost": float(outcome.cost or 0),
        "gap_percent": _gap(outcome),
    }


def _gap(outcome: Outcome) -> float | None:
    if outcome.cost is None or outcome.bound is None or not outcome.cost:
        return None
    return round(float((outcome.cost - outcome.bound) / outcome.cost) * 100, 4)


def _exact() -> dict[str, Any]:
    problem = read(document(200, 50, "all"))
    started = time.perf_counter()
    outcome = optimise(problem, seconds=60)
    return {"rules": "all", "lots": 200, "suppliers": 50, "seconds": round(time.perf_counter() - started, 3)} | {
        "status": outcome.status
    }


def _against_plain() -> dict[str, Any]:
    problem = read(document(1_000, 100, "all"))
    started = time.perf_counter()
    quick = fast(problem)
    ours = time.perf_counter() - started
    seconds, cost = _plain(problem)
    return {
        "rules": "all",
        "lots": 1_000,
        "suppliers": 100,
        "fast_seconds": round(ours, 3),
        "plain_seconds": round(seconds, 3),
        "time_ratio": round(ours / seconds, 4),
        "cost_ratio": round(float(quick.cost or 0) / cost, 6) if cost else None,
    }


def _plain(problem: Problem) -> tuple[float, float | None]:
    started = time.perf_counter()
    model = build(problem, columns_of(problem))
    result = solve(model.mip, seconds=PLAIN_SECONDS, relative_gap=PLAIN_GAP)
    cost = None if result.x is None else result.value / model.scale
    return time.perf_counter() - started, cost


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
