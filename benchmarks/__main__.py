"""Run the benchmarks, print their figures as a table and keep everything in bench.json.

    python -m benchmarks [NAME ...] [--file bench.json]

The machine should be quiet. What others use of it meanwhile is written beside the figures.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from benchmarks import measured
from benchmarks.table import Figure, shown

Reader = Callable[[dict[str, Any]], list[Figure]]
OWN_READERS: dict[str, Reader] = {
    "scoring": measured.scoring,
    "awards": measured.awards,
    "realtime": measured.realtime,
}
NAMES = ("start", "pages", "rfq", "scoring", "awards", "customers", "contracts", "realtime", "auction", "live")


def present() -> list[str]:
    """The benchmarks of this installation, in their order."""
    folder = Path(__file__).parent
    return [name for name in NAMES if (folder / f"{name}.py").is_file()]


def measure(name: str) -> tuple[list[Figure], dict[str, Any]]:
    """Run one: its figures, and everything it found with the time it took and the share of CPU others used."""
    module = importlib.import_module(f"benchmarks.{name}")
    before, began = psutil.cpu_times(), time.perf_counter()
    own = _own_cpu()
    found = module.run()
    seconds, after = time.perf_counter() - began, psutil.cpu_times()
    busy = sum(after) - sum(before) - (after.idle - before.idle) - (after.iowait - before.iowait)
    others = max(0.0, busy - (_own_cpu() - own)) / (seconds * (psutil.cpu_count() or 1))
    figures = (OWN_READERS.get(name) or module.figures)(found)
    facts = {"seconds": round(seconds, 1), "others_share": round(others, 3)}
    return figures, facts | {"figures": [one.plain() for one in figures], "found": found}


def _own_cpu() -> float:
    """CPU seconds of this process and of the children that have ended."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all unless told: {', '.join(present())}")
    parser.add_argument("--file", default="bench.json", help="where everything is kept (default: bench.json)")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in present()]
    if unknown:
        parser.error(f"no benchmark {unknown[0]}; there are {', '.join(present())}")
    table: list[tuple[str, list[Figure]]] = []
    kept: dict[str, Any] = {"machine": machine(), "benchmarks": {}}
    for name in given.names or present():
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures, kept["benchmarks"][name] = measure(name)
        table.append((name, figures))
    Path(given.file).write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    print(shown(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
