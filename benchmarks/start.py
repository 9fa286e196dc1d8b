"""From a cold start to serving, and what one idle process holds: real processes on an empty folder.

The first start also makes the database. Modules were compiled once before, as an installation does.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.table import Figure
from tests.support.installation import Installation
from tests.support.person import Person

TIMES = 3
FLOOR = "import gevent.monkey; gevent.monkey.patch_all(); import flask_socketio, sqlalchemy.orm, numpy, alembic.command"


def _started(place: Installation) -> dict[str, float]:
    began = time.perf_counter()
    with place.serving() as served:
        seconds = time.perf_counter() - began
        process = psutil.Process(served.process.pid)
        spent = sum(process.cpu_times()[:2])
        Person(served.url).get("/first")
        before = sum(process.cpu_times()[:2])
        time.sleep(3)
        return {
            "seconds": seconds,
            "cpu_seconds": spent,
            "rss_mb": process.memory_info().rss / 2**20,
            "idle_cpu_percent": (sum(process.cpu_times()[:2]) - before) / 3 * 100,
        }


def _floor(place: Installation) -> float:
    """Seconds that the libraries alone take: nothing of ours is faster than that."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", FLOOR], env=place.environment, check=True)
    return time.perf_counter() - began


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="srm-bench-") as folder:
        _started(Installation(Path(folder) / "warm"))
        fresh = [_started(Installation(Path(folder) / f"fresh{number}")) for number in range(TIMES)]
        again = [_started(Installation(Path(folder) / f"fresh{number}")) for number in range(TIMES)]
        floor = [_floor(Installation(Path(folder) / "warm")) for _ in range(TIMES)]

    def middle(runs: list[dict[str, float]], name: str) -> float:
        return round(statistics.median(one[name] for one in runs), 2)

    return {
        "empty_folder_seconds": middle(fresh, "seconds"),
        "existing_database_seconds": middle(again, "seconds"),
        "existing_database_cpu_seconds": middle(again, "cpu_seconds"),
        "libraries_alone_seconds": round(statistics.median(floor), 2),
        "idle_rss_mb": middle(again, "rss_mb"),
        "idle_cpu_percent": middle(again, "idle_cpu_percent"),
    }


def figures(found: dict[str, Any]) -> list[Figure]:
    return [
        Figure("empty folder to serving", found["empty_folder_seconds"], "s", most=3),
        Figure("existing database to serving", found["existing_database_seconds"], "s", most=3),
        Figure("existing database to serving, CPU", found["existing_database_cpu_seconds"], "s"),
        Figure("the libraries alone", found["libraries_alone_seconds"], "s"),
        Figure("memory of an idle process", found["idle_rss_mb"], "MB", most=150),
        Figure("CPU of an idle process", found["idle_cpu_percent"], "%"),
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
