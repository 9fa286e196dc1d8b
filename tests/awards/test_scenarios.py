"""The award room's scenarios, the verdict on hand-made awards, alternatives, and how far a rule must give."""

from __future__ import annotations

from fractions import Fraction

import pytest

from srm_portal.awards.domain.award_file import best, run
from srm_portal.awards.domain.fast import fast
from srm_portal.awards.domain.loosen import nearest_value
from srm_portal.awards.domain.optimise import alternatives
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.scenarios import (
    best_of,
    best_score,
    by_hand,
    cheapest,
    constrained,
    constraint_prices,
    incumbents,
    judge,
    own_choices,
)
from srm_portal.kernel.errors import InputError
from tests.awards.brute import Opinion, random_document
from tests.awards.test_award_file import document, winners

WHOLE = Fraction(1)


def facts() -> dict:
    one = document()
    one["lots"][0]["incumbent"] = "B"
    one["lots"][1]["incumbent"] = "Former supplier"
    return one


def test_each_scenario_answers_its_question():
    assert winners(run(cheapest(facts()))[1]) == {"L1": "A", "L2": "B"}
    assert winners(run(best_of(facts(), 1))[1]) == {"L1": "C", "L2": "C"}
    assert winners(run(best_score(facts(), "0", "1"))[1]) == {"L1": "B", "L2": "B"}
    assert winners(run(incumbents(facts()))[1]) == {"L1": "B", "L2": "B"}
    assert winners(run(own_choices(facts(), {"L2": "A"}))[1]) == {"L1": "A", "L2": "A"}


def test_a_scenario_keeps_the_rules_of_the_event_and_leaves_the_facts_alone():
    event = constrained(facts(), {"kind": "exclude", "supplier": "C"})
    assert winners(run(best_of(event, 1))[1]) == {"L1": "B", "L2": "B"}
    assert event["constraints"] == [{"kind": "exclude", "supplier": "C"}]


def test_an_award_by_hand_is_judged_by_the_same_rules():
    problem = read(best_of(facts(), 1))
    kept = judge(problem, by_hand(problem, {("L1", "A"): WHOLE, ("L2", "A"): WHOLE}))
    assert (kept.cost, kept.savings, kept.quality, kept.violations) == (230, 10, 60, ())
    assert kept.savings_share == Fraction(10, 240) and kept.spend == {0: 230}
    broken = judge(problem, by_hand(problem, {("L1", "A"): WHOLE, ("L2", "B"): WHOLE}))
    assert [(v.code, v.index) for v in broken.violations] == [("max_suppliers", 0)]
    partial = judge(problem, by_hand(problem, {("L1", "A"): Fraction(1, 2)}))
    assert [(v.code, v.lot) for v in partial.violations] == [
        ("uncovered_lot", 0), ("uncovered_lot", 1), ("share_range", 0),
    ]  # fmt: skip


def test_an_award_by_hand_needs_an_offer():
    problem = read(facts())
    with pytest.raises(InputError, match=r"choices\.L1"):
        by_hand(problem, {("L1", "Z"): WHOLE})
    with pytest.raises(InputError, match="packages"):
        by_hand(problem, {}, ("P1",))


def test_every_violation_by_hand_is_one_the_slow_judge_sees_too(rounds):
    for seed in range(rounds // 2):
        one = random_document(seed, rules=4)
        opinion, problem = Opinion(one), read(one)
        for shares, packages in opinion.awards()[:20]:
            hand = by_hand(problem, {(lot, s): share for (s, lot), share in shares.items()}, packages)
            verdict = judge(problem, hand)
            assert {v.index for v in verdict.violations} == {
                i for i, rule in enumerate(one["constraints"]) if not opinion.keeps(rule, shares, packages)
            }
            assert verdict.cost == opinion.cost(shares, packages)


def test_savings_are_unknown_without_baselines():
    one = facts()
    del one["lots"][1]["baseline"]
    problem = read(one)
    verdict = judge(problem, by_hand(problem, {("L1", "A"): WHOLE, ("L2", "B"): WHOLE}))
    assert (verdict.baseline, verdict.savings, verdict.savings_share) == (None, None, None)


@pytest.mark.parametrize("solve", [best, fast])
def test_a_constraint_has_a_price_in_context_and_one_alone(solve):
    rules = [{"kind": "max_suppliers", "value": 1}, {"kind": "exclude", "supplier": "C"}]
    problem = read(constrained(facts(), *rules))
    one, other = constraint_prices(problem, solve(problem), solve)
    assert (one.in_context, one.alone) == (20, 10)
    assert (other.in_context, other.alone) == (10, 0)


def test_the_next_best_awards_come_in_order_and_differ():
    found = alternatives(read(facts()), 4)
    assert [outcome.cost for outcome in found] == [200, 205, 205, 210]
    assert len({outcome.allocation for outcome in found}) == 4


def test_alternatives_are_the_cheapest_of_all_awards(rounds):
    for seed in range(rounds // 5):
        one = random_document(seed, rules=1)
        opinion = Opinion(one)
        kept = [a for a in opinion.awards() if all(opinion.keeps(rule, *a) for rule in one["constraints"])]
        costs = sorted(opinion.cost(*award) for award in kept)
        assert [outcome.cost for outcome in alternatives(read(one), 5)] == costs[:5]


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ({"kind": "max_suppliers", "value": 0}, 1),
        ({"kind": "min_suppliers", "value": 7}, 2),
        ({"kind": "max_share", "value": "0.2"}, Fraction(1, 2)),
        ({"kind": "min_quality", "value": "95"}, 80),
        ({"kind": "min_share", "group": "local", "value": "1"}, 1),
        ({"kind": "fix", "lot": "L1", "supplier": "A"}, None),
    ],
)
def test_the_nearest_value_is_the_first_that_lets_an_award_be(rule, value):
    assert nearest_value(read(constrained(facts(), rule)), 0, seconds=20) == value
