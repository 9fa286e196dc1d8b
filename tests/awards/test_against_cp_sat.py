"""Our optimum against a second solver's, on files too large to try every award."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks.awards import document
from srm_portal.awards.domain.award_file import run
from tests.awards.brute import random_document

pytestmark = pytest.mark.slow


def second_opinion(documents: list[dict]) -> list[str | None]:
    script = Path(__file__).with_name("cp_sat.py")
    done = subprocess.run(
        [sys.executable, str(script)], input=json.dumps({"documents": documents}), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_random_files_of_twelve_lots_cost_the_same_for_both_solvers():
    documents = [random_document(seed, rules=4, lots=12, suppliers=6) for seed in range(80)]
    documents = [one | {"discounts": []} for one in documents]
    for one, cost in zip(documents, second_opinion(documents), strict=True):
        answer = run(one)[1]
        assert answer["cost"] == cost or Fraction(answer["cost"]) == Fraction(cost)


def test_all_business_rules_on_fifty_lots_cost_the_same_for_both_solvers():
    documents = [document(50, 20, "all", seed=seed) | {"limits": {"seconds": 120}} for seed in range(3)]
    for one, cost in zip(documents, second_opinion(documents), strict=True):
        answer = run(one)[1]
        assert answer["status"] == "optimal" and Fraction(answer["cost"]) == Fraction(cost)
