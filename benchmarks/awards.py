"""How long awards take: the exact optimiser, the fast pipeline, and plain HiGHS for comparison.

`python -m benchmarks.awards` prints one JSON document. Instances are generated: 40 % of the possible bids, lot
values lognormal, supplier price levels and bid noise as in a usual tender; seed 7.
"""

from __future__ import annotations

from typing import Any

import numpy as np

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
