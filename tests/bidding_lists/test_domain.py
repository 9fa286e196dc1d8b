"""Suggestions, lists and invitations as rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from srm_portal.bidding_lists.domain import bidding_list as rules
from srm_portal.bidding_lists.domain import invitations
from srm_portal.bidding_lists.domain.bidding_list import Listed
from srm_portal.bidding_lists.domain.suggestions import Offerer, Wanted, ranked, similar, suggest
from srm_portal.kernel.errors import Refused

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CASTINGS = Wanted("44316000", "FR")


def _listed(name: str = "Alfa", **facts: object) -> Listed:
    values: dict[str, object] = {"on_panel": True, "waiver": "", "has_contact": True, "blocked": False} | facts
    return Listed(name, name, **values)  # type: ignore[arg-type]


def _codes(one: Offerer) -> list[str]:
    return [reason.code for reason in suggest(one, CASTINGS).reasons]


def test_the_same_category_weighs_more_than_a_neighbour() -> None:
    same = suggest(Offerer("a", "A", codes=("44316000",)), CASTINGS)
    near = suggest(Offerer("b", "B", codes=("44315000",)), CASTINGS)
    assert same.points > near.points
    assert [r.code for r in near.reasons] == ["offers_near_category"]
    assert dict(near.reasons[0].facts)["steps"] == "2"


def test_who_offers_something_far_is_not_suggested_unless_on_the_panel() -> None:
    far = Offerer("a", "A", codes=("30190000",))
    assert ranked([far], CASTINGS) == []
    assert ranked([Offerer("a", "A", qualified="qualified", qualified_until="2027-01-01")], CASTINGS)


def test_every_known_fact_becomes_a_reason_weightiest_first() -> None:
    known = Offerer("a", "A", ("44316000",), ("FR",), "qualified", "2027-01-01", 80, 90, 2)
    assert _codes(known) == ["offers_category", "panel_qualified", "performed", "in_region", "answered_before", "near"]


def test_nothing_known_is_no_reason() -> None:
    assert _codes(Offerer("a", "A")) == []


def test_points_never_exceed_a_hundred() -> None:
    best = Offerer("a", "A", ("44316000",), ("FR",), "qualified", "2027-01-01", 100, 0, 9)
    assert suggest(best, CASTINGS).points == 100


@pytest.mark.parametrize(("served", "met"), [("FR", True), ("FR10", True), ("DE", False)])
def test_a_region_meets_what_lies_inside_it(served: str, met: bool) -> None:
    assert ("in_region" in _codes(Offerer("a", "A", regions=(served,)))) is met


def test_beyond_the_reach_distance_is_no_reason() -> None:
    assert "near" in _codes(Offerer("a", "A", km=500))
    assert "near" not in _codes(Offerer("a", "A", km=501))


def test_suggestions_are_ordered_by_points_then_name() -> None:
    one, two = Offerer("1", "beta", ("44316000",)), Offerer("2", "Alfa", ("44316000",))
    best = Offerer("3", "Zeta", ("44316000",), score=90)
    assert [s.name for s in ranked([one, two, best], CASTINGS)] == ["Zeta", "Alfa", "beta"]


def test_similar_needs_share_at_least_their_parent() -> None:
    assert similar("44316000", "44315000")
    assert not similar("44316000", "44210000")
    assert not similar("", "44210000")


def test_a_list_of_panel_suppliers_with_contacts_stands() -> None:
    assert rules.list_blockers([_listed("A"), _listed("B"), _listed("C")], 3, None) == []


def test_an_empty_list_and_a_short_one_are_told_apart() -> None:
    assert [b.code for b in rules.list_blockers([], 3, 1)] == ["list_empty"]
    assert [b.code for b in rules.list_blockers([_listed()], 3, None)] == ["list_too_short"]


def test_a_competition_waiver_covers_the_length_it_was_asked_for() -> None:
    assert rules.list_blockers([_listed("A"), _listed("B")], 3, 2) == []
    assert [b.code for b in rules.list_blockers([_listed("A")], 3, 2)] == ["list_too_short"]


@pytest.mark.parametrize(
    ("waiver", "code"),
    [("", "list_waiver_missing"), ("refused", "list_waiver_missing"), ("asked", "list_waiver_waiting")],
)
def test_a_supplier_off_the_panel_needs_an_approved_waiver(waiver: str, code: str) -> None:
    assert [b.code for b in rules.list_blockers([_listed(on_panel=False, waiver=waiver)], 1, None)] == [code]
    assert rules.list_blockers([_listed(on_panel=False, waiver="approved")], 1, None) == []


def test_a_blocked_supplier_and_one_without_contact_are_named() -> None:
    codes = [b.code for b in rules.list_blockers([_listed(blocked=True, has_contact=False)], 1, None)]
    assert codes == ["list_supplier_blocked", "list_contact_missing"]
    assert rules.basis(_listed(blocked=True)) is None


def test_shortlisting_off_the_panel_needs_at_least_an_asked_waiver() -> None:
    rules.check_shortlist(False, "asked")
    rules.check_shortlist(True, "")
    with pytest.raises(Refused, match="waiver_needed"):
        rules.check_shortlist(False, "refused")


@pytest.mark.parametrize(("stage", "code"), [("need", "need_not_approved"), ("criteria", "list_is_fixed")])
def test_the_list_changes_in_its_steps_only(stage: str, code: str) -> None:
    rules.check_stage("potential")
    rules.check_stage("bidding_list")
    with pytest.raises(Refused, match=code):
        rules.check_stage(stage)


def test_an_invitation_is_answered_before_the_deadline_only() -> None:
    invitations.check_answerable("published", NOW + timedelta(milliseconds=1), NOW)
    with pytest.raises(Refused, match="deadline_has_passed"):
        invitations.check_answerable("published", NOW, NOW)
    with pytest.raises(Refused, match="event_not_published"):
        invitations.check_answerable("draft", NOW + timedelta(days=1), NOW)


def test_delivery_never_takes_back_what_the_supplier_did() -> None:
    assert invitations.after_delivery("queued", True) == "sent"
    assert invitations.after_delivery("queued", False) == "undeliverable"
    assert invitations.after_delivery("seen", True) is None
    assert invitations.after_delivery("accepted", False) is None
