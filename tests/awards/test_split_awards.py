"""Split awards: exact shares, against a grid of awards and against vertices of small linear programs."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

from srm_portal.awards.domain.award_file import best, run
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.simplex import Range, minimise
from tests.awards.brute import Opinion, random_document

LOTS = [{"id": "L1", "baseline": "100"}, {"id": "L2", "baseline": "100"}]


def split_document(seed: int) -> dict:
    document = random_document(seed, rules=seed % 3, lots=2, suppliers=3)
    document["award"] = "split"
    document["coverage"] = "exactly"
    document["split"] = random.Random(seed).choice(
        [{}, {"share_min": "0.2", "share_max": "0.8"}, {"share_min": "0.3"}, {"share_max": "0.7"}]
    )
    return document


def shares_of(problem: Problem, allocation: Allocation) -> dict[tuple[str, str], Fraction]:
    named = {}
    for index, share in allocation.shares:
        offer = problem.offers[index]
        named[problem.suppliers[offer.supplier].id, problem.lots[offer.lot].id] = share
    return named


def on_the_grid(document: dict, steps: int) -> list[tuple[dict[tuple[str, str], Fraction], tuple[str, ...]]]:
    """Every award whose shares are multiples of 1/steps."""
    opinion = Opinion(document)
    low = Fraction(document["split"].get("share_min", "0"))
    high = Fraction(document["split"].get("share_max", "1"))
    awards = []
    for size in range(len(opinion.packages) + 1):
        for packages in itertools.combinations(opinion.packages, size):
            covered = [lot for name in packages for lot in opinion.packages[name]["lots"]]
            if len(covered) > len(set(covered)):
                continue
            options = []
            for lot in opinion.lots:
                keys = [key for key in opinion.offers if key[1] == lot]
                if lot in covered:
                    options.append([{}])
                    continue
                parts = itertools.product(range(steps + 1), repeat=len(keys))
                whole = [part for part in parts if sum(part) == steps]
                splits = [{k: Fraction(p, steps) for k, p in zip(keys, part, strict=True) if p} for part in whole]
                options.append([split for split in splits if all(low <= share <= high for share in split.values())])
            for choice in itertools.product(*options):
                shares = {key: share for part in choice for key, share in part.items()}
                if opinion.stands(shares, packages):
                    awards.append((shares, packages))
    return awards


def test_a_split_award_keeps_every_rule_exactly_and_no_award_on_a_grid_is_cheaper(rounds):
    found = 0
    for seed in range(rounds // 2):
        document = split_document(seed)
        opinion, problem = Opinion(document), read(document)
        on_grid = opinion.best(on_the_grid(document, 10))
        outcome = best(problem)
        if outcome.allocation is None:
            assert on_grid is None and outcome.status == "infeasible"
            continue
        assert outcome.status == "optimal"
        award = (
            shares_of(problem, outcome.allocation),
            tuple(problem.packages[p].id for p in outcome.allocation.packages),
        )
        assert opinion.stands(*award) and all(opinion.keeps(rule, *award) for rule in document["constraints"])
        assert opinion.cost(*award) == outcome.cost
        assert on_grid is None or outcome.cost <= on_grid
        found += 1
    assert found > rounds / 5


def test_a_split_award_never_costs_more_than_a_single_one_when_shares_are_free(rounds):
    for seed in range(rounds // 4):
        single = random_document(seed, rules=1, kind="max_share")
        split = {**single, "award": "split", "split": {}}
        (_, one), (_, many) = run(single), run(split)
        if one["status"] == "optimal":
            assert many["status"] == "optimal" and Fraction(many["cost"]) <= Fraction(one["cost"])


def test_two_suppliers_per_lot_share_as_the_split_allows():
    document = {
        "currency": "EUR",
        "lots": LOTS[:1],
        "suppliers": [{"id": "A"}, {"id": "B"}],
        "offers": [{"supplier": "A", "lot": "L1", "price": "100"}, {"supplier": "B", "lot": "L1", "price": "200"}],
        "award": "split",
        "split": {"share_min": "0.2", "share_max": "0.8"},
        "constraints": [{"kind": "min_suppliers_per_lot", "value": 2}],
    }
    _, answer = run(document)
    assert [(won["supplier"], won["share"], won["price"]) for won in answer["allocation"]] == [
        ("A", "0.8", "100"),
        ("B", "0.2", "200"),
    ]
    assert answer["cost"] == "120"


def test_thirds_are_exact_inside_and_rounded_only_in_print():
    document = {
        "currency": "EUR",
        "lots": LOTS[:1],
        "suppliers": [{"id": "A", "capacity": "1"}, {"id": "B"}],
        "offers": [
            {"supplier": "A", "lot": "L1", "price": "100", "capacity_use": "3"},
            {"supplier": "B", "lot": "L1", "price": "200"},
        ],
        "award": "split",
    }
    _, answer = run(document)
    assert [won["share"] for won in answer["allocation"]] == ["0.333333", "0.666667"]
    assert answer["cost"] == "166.666667"
    assert best(read(document)).cost == Fraction(500, 3)


def test_a_lot_with_one_offer_cannot_be_split_below_the_whole():
    document = {
        "currency": "EUR",
        "lots": LOTS,
        "suppliers": [{"id": "A"}, {"id": "B"}],
        "offers": [
            {"supplier": "A", "lot": "L1", "price": "100"},
            {"supplier": "A", "lot": "L2", "price": "100"},
            {"supplier": "B", "lot": "L1", "price": "100"},
        ],
        "award": "split",
        "split": {"share_max": "0.8"},
    }
    status, answer = run(document)
    assert (status, answer["reason"], answer["lots"]) == (1, "uncovered_lot", ["L2"])


def vertices(n: int, lower: list[Fraction], upper: list[Fraction], rows: list[Range]) -> list[list[Fraction]]:
    """Every feasible vertex: n of the bounds and rows hold with equality."""
    planes = []
    for j in range(n):
        unit = [Fraction(int(i == j)) for i in range(n)]
        planes += [(unit, lower[j]), (unit, upper[j])]
    for row in rows:
        dense = [row.coefficients.get(j, Fraction(0)) for j in range(n)]
        planes += [(dense, bound) for bound in (row.low, row.high) if bound is not None]
    points = (solve_square([a for a, _ in pick], [b for _, b in pick]) for pick in itertools.combinations(planes, n))
    return [x for x in points if x is not None and inside(x, lower, upper, rows)]


def inside(x: list[Fraction], lower: list[Fraction], upper: list[Fraction], rows: list[Range]) -> bool:
    if any(not low <= value <= high for value, low, high in zip(x, lower, upper, strict=True)):
        return False
    sums = [sum(a * x[j] for j, a in row.coefficients.items()) for row in rows]
    return all(
        (row.low is None or total >= row.low) and (row.high is None or total <= row.high)
        for row, total in zip(rows, sums, strict=True)
    )


def solve_square(a: list[list[Fraction]], b: list[Fraction]) -> list[Fraction] | None:
    rows = [[*line, right] for line, right in zip(a, b, strict=True)]
    for i in range(len(rows)):
        pivot = next((k for k in range(i, len(rows)) if rows[k][i]), None)
        if pivot is None:
            return None
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for k in range(len(rows)):
            if k != i and rows[k][i]:
                rows[k] = [x - rows[k][i] * y for x, y in zip(rows[k], rows[i], strict=True)]
    return [line[-1] for line in rows]


def test_the_exact_simplex_finds_the_cheapest_vertex(rounds):
    for seed in range(rounds):
        r = random.Random(seed)
        n = r.randint(1, 4)
        number = lambda: Fraction(r.randint(-9, 9), r.randint(1, 4))  # noqa: B023, E731
        cost = [number() for _ in range(n)]
        lower = [Fraction(r.randint(0, 2), 5) for _ in range(n)]
        upper = [low + Fraction(r.randint(0, 5), 3) for low in lower]
        rows = []
        for _ in range(r.randint(0, 4)):
            low = r.choice([None, number()])
            high = r.choice([None, low]) if low is not None else number()
            rows.append(Range({j: number() for j in range(n) if r.random() < 0.8}, low, high))
        corners = vertices(n, lower, upper, rows)
        x = minimise(cost, lower, upper, rows)
        if not corners:
            assert x is None
        else:
            assert x is not None and inside(x, lower, upper, rows)
            worth = [sum(c * v for c, v in zip(cost, corner, strict=True)) for corner in corners]
            assert sum(c * v for c, v in zip(cost, x, strict=True)) == min(worth)
