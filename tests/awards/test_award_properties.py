"""What must hold for any award file, whatever the numbers."""

from __future__ import annotations

import copy
import random
from fractions import Fraction

from srm_portal.awards.domain.award_file import run
from tests.awards.brute import random_document, random_rule


def cost(document: dict) -> Fraction | None:
    answer = run(document)[1]
    return None if answer["cost"] is None else Fraction(answer["cost"])


def test_adding_a_constraint_never_lowers_the_cost(rounds):
    for seed in range(rounds // 2):
        one = random_document(seed, rules=2)
        more = {**one, "constraints": [*one["constraints"], random_rule(random.Random(seed), one)]}
        before, after = cost(one), cost(more)
        assert after is None or (before is not None and before <= after)


def test_one_more_bid_never_raises_the_cost_where_no_share_or_quality_is_asked(rounds):
    for seed in range(rounds // 2):
        one = random_document(seed, rules=1, kind="max_suppliers")
        fewer = {**one, "offers": one["offers"][:-1]}
        all_bids, without = cost(one), cost(fewer)
        assert without is None or (all_bids is not None and all_bids <= without)


def test_allowing_more_suppliers_never_raises_the_cost(rounds):
    for seed in range(rounds // 5):
        one = random_document(seed, rules=1, kind="max_suppliers")
        costs = [cost({**one, "constraints": [{"kind": "max_suppliers", "value": k}]}) for k in (1, 2, 3)]
        known = [c for c in costs if c is not None]
        assert known == sorted(known, reverse=True) and costs[len(costs) - len(known) :] == known


def test_the_order_of_the_document_does_not_change_the_cost(rounds):
    for seed in range(rounds // 2):
        one = random_document(seed, rules=3)
        mixed = copy.deepcopy(one)
        for part in ("lots", "suppliers", "offers", "packages", "constraints", "discounts"):
            random.Random(seed).shuffle(mixed[part])
        assert cost(one) == cost(mixed)


def test_a_change_of_unit_changes_the_cost_by_the_same_factor(rounds):
    for seed in range(rounds // 2):
        one = random_document(seed, rules=2)
        scaled = copy.deepcopy(one)

        def times_seven(row: dict, name: str) -> None:
            amount = Fraction(row[name]) * 700
            row[name] = f"{amount.numerator // 100}.{amount.numerator % 100:02d}"

        for bid in (*scaled["offers"], *scaled["packages"]):
            times_seven(bid, "price")
        for lot in scaled["lots"]:
            times_seven(lot, "baseline")
        for supplier in scaled["suppliers"]:
            times_seven(supplier, "fixed_cost")
        for discount in scaled["discounts"]:
            for tier in discount["tiers"]:
                times_seven(tier, "from")
        before, after = cost(one), cost(scaled)
        assert (before is None) == (after is None) and (before is None or after == 7 * before)


def test_a_discount_never_raises_the_cost(rounds):
    for seed in range(rounds // 2):
        one = random_document(seed, rules=2)
        without, with_discounts = cost({**one, "discounts": []}), cost(one)
        assert (without is None) == (with_discounts is None)
        assert without is None or with_discounts <= without
