"""The optimiser against every single award there is, on small random files."""

from __future__ import annotations

from fractions import Fraction

import pytest

from srm_portal.awards.domain.award_file import run
from tests.awards.brute import RULES, Opinion, random_document


def shares_of(answer: dict) -> dict[tuple[str, str], Fraction]:
    return {(won["supplier"], won["lot"]): Fraction(won["share"]) for won in answer["allocation"]}


def agree(document: dict) -> str:
    opinion = Opinion(document)
    awards = opinion.awards()
    best = opinion.best(awards)
    status, answer = run(document)
    if best is None:
        assert (status, answer["status"], answer["cost"]) == (1, "infeasible", None)
        if awards:
            assert answer["conflict"] == opinion.smallest_conflict()
        else:
            assert answer["conflict"] == [] and answer["reason"] in ("uncovered_lot", "capacity")
    else:
        assert (status, answer["status"], answer["gap"]) == (0, "optimal", "0")
        assert Fraction(answer["cost"]) == best
        award = shares_of(answer), tuple(answer["packages"])
        assert opinion.stands(*award)
        assert all(opinion.keeps(rule, *award) for rule in document["constraints"])
        assert opinion.cost(*award) == best
        kept = [a for a in awards if all(opinion.keeps(rule, *a) for rule in document["constraints"])]
        tied = [a for a in kept if opinion.cost(*a) == best]
        assert opinion.positions(*award) == min(opinion.positions(*a) for a in tied)
    return answer["status"]


def test_random_awards_cost_exactly_what_the_cheapest_of_all_awards_costs(rounds):
    seen = [agree(random_document(seed, rules=seed % 4)) for seed in range(rounds)]
    assert seen.count("optimal") > rounds / 3 and seen.count("infeasible") > rounds / 20


@pytest.mark.parametrize("kind", RULES)
def test_each_kind_of_constraint_alone_is_exact(kind, rounds):
    for seed in range(rounds // 10):
        agree(random_document(1000 + seed, rules=1, kind=kind))


def test_the_conflict_is_the_first_smallest_set_even_among_many_constraints(rounds):
    infeasible = 0
    for seed in range(rounds // 4):
        infeasible += agree(random_document(5000 + seed, rules=9)) == "infeasible"
    assert infeasible > rounds / 10


def test_equal_awards_are_settled_by_the_order_of_the_suppliers(rounds):
    for seed in range(rounds // 4):
        document = random_document(9000 + seed, rules=seed % 3)
        for bid in (*document["offers"], *document["packages"]):
            bid["price"] = str(50 * len(bid.get("lots", "L")))
        agree(document)


def test_prices_from_a_cent_to_a_billion_are_exact(rounds):
    for seed in range(rounds // 4):
        document = random_document(9500 + seed, rules=seed % 4)
        for i, bid in enumerate((*document["offers"], *document["packages"])):
            bid["price"] = str(Fraction(bid["price"]).numerator * 10 ** (i * 7 % 8)) + ".01"
        agree(document)
