"""Runs everything: linters, types, import contracts, tests on SQLite and PostgreSQL, browser journeys.

`python -m tests.run` prints a line for each part and a count of tests per kind at the end. The exit status is not zero
when any part failed. `--only NAME` runs one part, `--full` adds the long versions.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
COUNT = re.compile(r"(\d+) (passed|failed|skipped|error|errors|xfailed|deselected)")


@dataclass
class Part:
    """One part of the run: a name, its command, and extra environment."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Result:
    name: str
    ok: bool
    seconds: float
    counts: dict[str, int]


def _pytest(name: str, *arguments: str, **environment: str) -> Part:
    spread = ["-n", "2", "--dist", "loadfile"]
    environment.setdefault("PYTHONHASHSEED", "0")  # every worker must collect the same tests
    return Part(name, [sys.executable, "-m", "pytest", *spread, *arguments], environment)


def _chromium() -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return found
    return None


def ensure_browser() -> None:
    """A real Chromium: found, or installed (the distribution's as root, else Playwright's)."""
    if os.environ.get("SRM_CHROMIUM") or _chromium():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True, **quiet)  # type: ignore[call-overload]
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def parts(full: bool) -> list[Part]:
    lint = [str(BIN / "ruff"), "check", "."]
    style = [str(BIN / "ruff"), "format", "--check", "."]
    types = [sys.executable, "-m", "mypy", "--strict", *strict_paths()]
    slow = [] if full else ["-m", "not browser and not slow"]
    slow_pg = ["-m", "not browser and not slow and not simulation and not crash"]
    return [
        Part("lint", lint),
        Part("style", style),
        Part("types", types),
        Part("imports", [str(BIN / "lint-imports")]),
        _pytest("sqlite", *slow, "tests"),
        _pytest("postgres", *slow_pg, "tests", SRM_TEST_DB="postgres", SRM_ONLY_DB="1"),
        _pytest("browser", "-m", "browser" if full else "browser and not slow", "tests"),
    ]


def strict_paths() -> list[str]:
    """The pure code, which is typed strictly: the kernel, every domain and every policy."""
    package = ROOT / "srm_portal"
    found = [package / "kernel", *package.glob("*/domain"), *package.glob("*/domain.py"), *package.glob("*/policy.py")]
    return [str(path.relative_to(ROOT)) for path in sorted(found)]


def run(part: Part) -> Result:
    print(f"== {part.name}", flush=True)
    start = time.monotonic()
    output: list[str] = []
    process = subprocess.Popen(
        part.command,
        cwd=ROOT,
        env=os.environ | part.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        output.append(line)
        print(line, end="", flush=True)
    code = process.wait()
    last = next((line for line in reversed(output) if COUNT.search(line)), "")
    counts = {kind.rstrip("s") if kind == "errors" else kind: int(number) for number, kind in COUNT.findall(last)}
    return Result(part.name, code == 0, time.monotonic() - start, counts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only")
    parser.add_argument("--full", action="store_true")
    arguments = parser.parse_args()
    wanted = [part for part in parts(arguments.full) if arguments.only in (None, part.name)]
    if any(part.name == "browser" for part in wanted):
        ensure_browser()
    results = [run(part) for part in wanted]
    print("\n== summary")
    passed = failed = skipped = 0
    for result in results:
        counts = ", ".join(f"{number} {kind}" for kind, number in result.counts.items())
        print(f"{result.name:10} {'ok' if result.ok else 'FAILED':7} {result.seconds:6.0f} s  {counts}")
        passed += result.counts.get("passed", 0)
        failed += result.counts.get("failed", 0) + result.counts.get("error", 0)
        skipped += result.counts.get("skipped", 0)
    failed += sum(1 for result in results if not result.ok and not result.counts.get("failed"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if all(result.ok for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
