"""The figures and targets of the benchmarks of single rooms, read from what their `run()` gives."""

from __future__ import annotations

from typing import Any

from benchmarks.table import Figure


def scoring(found: dict[str, Any]) -> list[Figure]:
    """The targets stand in the module itself, as "at most 2.5"."""
    shown = []
    for name, target in found["targets"].items():
        kind, limit = target.rsplit(" ", 1)
        bound = {"most": float(limit)} if kind == "at most" else {"least": float(limit)}
        unit = "ms" if name.endswith("_ms") else "x"
        shown.append(Figure(name.removesuffix("_ms").replace("_", " "), found["figures"][name], unit, **bound))
    return shown


def awards(found: dict[str, Any]) -> list[Figure]:
    shown = [
        Figure(
            f"{one['lots']} lots, {one['suppliers']} suppliers, rules: {one['rules']}",
            one["seconds"],
            "s",
            most=one["target_seconds"],
        )
        for one in found["fast"]
    ]
    plain, exact = found["against_plain_highs"], found["exact"]
    shown.append(Figure("exact, 200 lots, all rules", exact["seconds"], "s"))
    shown.append(Figure("time against plain HiGHS, 1000 lots", plain["time_ratio"], "x", most=0.25))
    shown.append(Figure("cost against plain HiGHS, 1000 lots", plain["cost_ratio"], "x", most=1.0005))
    return shown


def realtime(found: dict[str, Any]) -> list[Figure]:
    shown = []
    for participants, one in found["pushes"].items():
        shown.append(Figure(f"push to {participants}, CPU", one["direct_us"], "us"))
        shown.append(Figure(f"push to {participants} / picows", one["ratio_to_picows"], "x", most=1.8))
    shown.append(Figure("memory of an idle connection", found["idle_kib_per_connection"]["direct"], "KiB", most=12))
    shown.append(Figure("acknowledgement, median", found["ack_ms"]["direct"]["p50"], "ms", most=10))
    shown.append(Figure("growth after 10,000 reconnects", found["mib_after_10000_reconnects"], "MiB"))
    return shown
