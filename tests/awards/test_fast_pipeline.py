"""The quick pipeline: its awards keep every rule, its bounds hold, and it never bars the best award."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from benchmarks.awards import document
from srm_portal.awards.domain.award_file import run
from srm_portal.awards.domain.check import check
from srm_portal.awards.domain.fast import fast
from srm_portal.awards.domain.optimise import optimise
from srm_portal.awards.domain.pipeline.certificate import certify
from srm_portal.awards.domain.pipeline.first import first_award, prepare, suits
from srm_portal.awards.domain.pipeline.location import bound, choose
from srm_portal.awards.domain.problem import Constraint
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.solver.assembly import build
from tests.awards.brute import random_document


@pytest.mark.parametrize("rules", ["count", "all"])
def test_the_quick_award_keeps_all_rules_and_its_bound_holds_against_the_proved_optimum(rules):
    for seed in range(6):
        problem = read(document(40, 12, rules, seed=seed))
        exact, quick = optimise(problem), fast(problem)
        assert exact.status == "optimal" and exact.cost is not None
        assert quick.allocation is not None and quick.cost is not None and quick.bound is not None
        assert check(problem, quick.allocation) == []
        assert quick.bound <= exact.cost <= quick.cost <= exact.cost * Fraction(102, 100)


@pytest.mark.parametrize("rules", ["count", "all"])
def test_no_column_of_the_best_award_is_ever_barred(rules):
    for seed in range(6):
        problem = read(document(40, 12, rules, seed=20 + seed))
        exact = optimise(problem)
        first = first_award(problem, prepare(problem), seconds=20)
        assert exact.allocation is not None and exact.cost is not None
        assert first.bound <= float(exact.cost) * (1 + 1e-9)
        kept = first.survivors(float(exact.cost))
        assert kept is not None and kept[[offer for offer, _ in exact.allocation.shares]].all()
        assert not kept.all()


def test_the_exact_optimum_is_the_same_with_and_without_the_pipeline():
    problem = read(document(100, 30, "all"))
    assert len(problem.offers) >= 1000 and suits(problem)
    harmless = Constraint("max_suppliers_per_lot", Fraction(5))
    plain = replace(problem, constraints=(*problem.constraints, harmless))
    assert not suits(plain)
    assert optimise(problem).cost == optimise(plain).cost


def test_a_gap_in_the_limits_is_kept_and_shown():
    _, answer = run(document(100, 30, "all") | {"limits": {"gap": "0.01"}})
    assert answer["status"] in ("optimal", "feasible") and Fraction(answer["gap"]) <= Fraction("0.01")
    assert Fraction(answer["bound"]) <= Fraction(answer["cost"])


def test_any_prices_certify_a_bound_below_the_optimum():
    for seed in range(6):
        problem = read(document(40, 12, "all", seed=seed))
        model, best = build(problem, prepare(problem).columns), optimise(problem).cost
        assert best is not None
        r = np.random.default_rng(seed)
        for size in (0.0, 0.1, 1.0):
            prices = r.normal(0, size, len(model.mip.row_lower))
            prices[: len(problem.lots)] = r.uniform(0, 1000, len(problem.lots))
            assert certify(model, prices).value / model.scale <= float(best)


def test_plant_location_finds_the_best_suppliers_of_small_cases_and_bounds_them(rounds):
    best_found = 0
    for seed in range(rounds):
        r = np.random.default_rng(seed)
        lots, suppliers, most = 8, 6, int(r.integers(1, 5))
        cost = np.round(r.uniform(10, 100, (lots, suppliers)))
        cost[r.random((lots, suppliers)) < 0.2] = np.inf
        fixed = np.round(r.uniform(0, 60, suppliers))
        sets = (list(s) for n in range(1, most + 1) for s in itertools.combinations(range(suppliers), n))
        best = min(cost[:, s].min(axis=1).sum() + fixed[s].sum() for s in sets)
        chosen = choose(cost, fixed, most)
        assert chosen.used.sum() <= most
        if not np.isfinite(best):
            assert chosen.missing
            continue
        if chosen.missing:
            continue
        assert chosen.cost >= best - 1e-6
        assert bound(cost, fixed, most, chosen.cost).value <= best + 1e-6
        best_found += chosen.cost <= best + 1e-6
    assert best_found > rounds * 0.7


def test_whatever_the_pipeline_cannot_do_goes_to_the_optimiser(rounds):
    for seed in range(rounds // 4):
        one = random_document(seed, rules=2)
        problem = read(one)
        quick, (status, answer) = fast(problem), run(one)
        assert (quick.allocation is None) == (status == 1)
        if quick.allocation is not None:
            assert quick.cost is not None and quick.bound is not None
            assert check(problem, quick.allocation) == []
            assert quick.bound <= Fraction(answer["cost"]) <= quick.cost


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "min_suppliers", "value": 11},
        {"kind": "fix", "lot": "L0", "supplier": "S7"},
        {"kind": "exclude", "supplier": "S1"},
        {"kind": "max_share", "supplier": "S2", "value": "0.05"},
        {"kind": "max_share", "group": "local", "value": "0.1"},
        {"kind": "min_share", "supplier": "S3", "value": "0.2"},
    ],
)
def test_each_rule_goes_through_the_pipeline_with_a_bound_that_holds(rule):
    one = document(60, 12, "count")
    one["constraints"] = [{"kind": "max_suppliers", "value": 11}, rule]
    one["suppliers"][4]["capacity"] = "3"
    if rule["kind"] == "fix":
        one["offers"] = [o for o in one["offers"] if (o["lot"], o["supplier"]) != ("L0", "S7")]
        one["offers"].append({"lot": "L0", "supplier": "S7", "price": "99999"})
    problem = read(one)
    exact, first = optimise(problem, pipeline=False), first_award(problem, prepare(problem), seconds=20)
    assert exact.status == "optimal" and exact.cost is not None
    assert first.allocation is not None and first.cost is not None and check(problem, first.allocation) == []
    assert first.bound <= float(exact.cost) * (1 + 1e-9)
    assert exact.cost <= first.cost <= exact.cost * Fraction(103, 100)
