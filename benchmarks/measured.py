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
        shown.append(Figure(f"P5 push to {participants} / picows", one["ratio_to_picows"], "x", most=1.8))
    costs = [one["direct_us"] for one in found["pushes"].values()]
    if len(costs) > 1:
        shown.append(Figure("P6 push to the most / to the fewest", round(costs[-1] / costs[0], 2), "x", most=1.6))
    shown.append(Figure("P8 memory of an idle connection", found["idle_kib_per_connection"]["direct"], "KiB", most=12))
    shown.append(Figure("P12 acknowledgement, median", found["ack_ms"]["direct"]["p50"], "ms", most=10))
    stalled = found["stalled"]
    slower = stalled["others_ack_p99_ms"] / max(stalled["others_ack_p99_without_ms"], 0.1)
    shown.append(Figure("P11 others' acknowledgement p99 beside a stalled client", round(slower, 2), "x", most=1.5))
    shown.append(Figure("P11 memory kept for a stalled client", stalled["rss_growth_mib"], "MiB", most=1))
    shown.append(Figure("growth after 10,000 reconnects", found["mib_after_10000_reconnects"], "MiB"))
    return shown
