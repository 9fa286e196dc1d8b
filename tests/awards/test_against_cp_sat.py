"""Our optimum against a second solver's, on files too large to try every award.

The second solver's answers are kept in `second_solver.json` with their provenance; the full run asks it again, in a
process of its own, and on more files.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from benchmarks.awards import document
from srm_portal.awards.domain.award_file import run
from tests.awards.brute import random_document

KEPT = Path(__file__).with_name("second_solver.json")
SMALL, LARGE, MORE = range(47), range(3), range(47, 80)


def twelve_lots(seed: int) -> dict[str, Any]:
    return random_document(seed, rules=4, lots=12, suppliers=6) | {"discounts": []}


def fifty_lots(seed: int) -> dict[str, Any]:
    return document(50, 20, "all", seed=seed) | {"limits": {"seconds": 120}}


def kept_files() -> list[dict[str, Any]]:
    return [*map(twelve_lots, SMALL), *map(fifty_lots, LARGE)]


def digest(one: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()[:16]


def second_opinion(documents: list[dict[str, Any]]) -> list[str | None]:
    script = Path(__file__).with_name("cp_sat.py")
    done = subprocess.run(
        [sys.executable, str(script)], input=json.dumps({"documents": documents}), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: list[str | None] = json.loads(done.stdout)
    return found


def keep() -> None:
    """Ask the second solver and write its answers down: `python -m tests.awards.test_against_cp_sat`."""
    import ortools

    files = kept_files()
    answers = [{"file": digest(one), "cost": cost} for one, cost in zip(files, second_opinion(files), strict=True)]
    solver = f"OR-Tools {ortools.__version__} CP-SAT, proved optimal or infeasible"
    KEPT.write_text(json.dumps({"solver": solver, "answers": answers}, indent=1) + "\n")


def agree(one: dict[str, Any], cost: str | None) -> None:
    answer = run(one)[1]
    assert answer["status"] == ("infeasible" if cost is None else "optimal")
    assert answer["cost"] == cost or Fraction(answer["cost"]) == Fraction(str(cost))


def test_fifty_larger_files_cost_what_the_second_solver_found() -> None:
    answers = json.loads(KEPT.read_text())["answers"]
    files = kept_files()
    assert [one["file"] for one in answers] == [digest(one) for one in files] and len(files) == 50
    for one, kept in zip(files, answers, strict=True):
        agree(one, kept["cost"])


@pytest.mark.slow
def test_the_kept_answers_are_the_second_solvers() -> None:
    answers = json.loads(KEPT.read_text())["answers"]
    assert [one["cost"] for one in answers] == second_opinion(kept_files())


@pytest.mark.slow
def test_more_files_of_twelve_lots_cost_the_same_for_both_solvers() -> None:
    files = [twelve_lots(seed) for seed in MORE]
    for one, cost in zip(files, second_opinion(files), strict=True):
        agree(one, cost)


if __name__ == "__main__":
    keep()
