"""Steps 2 and 3 as buyers and managers work through them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from srm_portal.audit.services import verify_streams
from srm_portal.bidding_lists import queries, services
from srm_portal.identity.services import accounts
from srm_portal.infra.moment import app_now
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.notifications.queries import notices
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as steps
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers import services as supplier_services
from srm_portal.suppliers.domain.places import point_of
from tests.support.factories.bidding_lists import a_bidder, a_need_for_castings, a_published_event, a_shortlist
from tests.support.factories.sourcing import a_need
from tests.support.factories.suppliers import (
    CASTINGS,
    MACHINE_TOOLS,
    a_contact,
    a_qualified_supplier,
    a_supplier,
    supplier_data,
)
from tests.support.world import World

PARIS = point_of(Decimal("48.8566"), Decimal("2.3522"))
LYON = point_of(Decimal("45.7640"), Decimal("4.8357"))


def _codes(found: queries.Found) -> list[str]:
    return [reason.code for reason in found.reasons]


def _states(project_id: str) -> dict[str, str]:
    return {one.supplier_id: one.state for one in queries.candidates(project_id)}


def _blockers(project_id: str, stage: str) -> list[str]:
    return [one.code for one in sourcing.blockers(sourcing.project(project_id), app_now(), stage)]


def test_suggestions_come_best_first_each_with_its_reasons(world: World) -> None:
    far = a_supplier(world, "Office Ltd", categories=("30190000",))
    near = a_supplier(world, "Neighbour", categories=(MACHINE_TOOLS,))
    same = a_supplier(world, "Same", categories=(CASTINGS,), place=LYON)
    best = a_qualified_supplier(world, "Best", category=CASTINGS)
    project = sourcing.project(a_need_for_castings(world))
    found = queries.suggestions(project, world.now.date(), PARIS)
    ids = [one.supplier.id for one in found]
    assert ids[:2] == [best, same] and far not in ids and near not in ids
    assert _codes(found[0]) == ["offers_category", "panel_qualified", "in_region"]
    assert "near" in _codes(found[1])


def test_who_took_part_in_similar_needs_is_suggested_for_it(world: World) -> None:
    _project, _event, bidders = a_published_event(world, suppliers=3)
    found = queries.suggestions(sourcing.project(a_need_for_castings(world)), world.now.date())
    assert {one.supplier.id for one in found if "answered_before" in _codes(one)} == set(bidders)


def test_a_candidate_keeps_the_reasons_it_was_added_for(world: World) -> None:
    supplier_id, project_id = a_qualified_supplier(world, category=CASTINGS), a_need_for_castings(world)
    services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)
    kept = queries.candidates(project_id)[0]
    assert "panel_qualified" in [reason.code for reason in kept.reasons] and kept.points


def test_a_candidate_is_added_once(world: World) -> None:
    supplier_id, project_id = a_supplier(world), a_need_for_castings(world)
    services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)
    with pytest.raises(Refused, match="already_candidate"):
        services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)


def test_a_blocked_supplier_is_no_candidate(world: World) -> None:
    supplier_id, project_id = a_supplier(world), a_need_for_castings(world)
    supplier_services.block_supplier(world.buyer, supplier_id, reason="fraud", now=world.now)
    with pytest.raises(Refused, match="list_supplier_blocked"):
        services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)


def test_a_supplier_or_project_of_others_is_not_found(world: World) -> None:
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    supplier_id, project_id = a_supplier(world), a_need_for_castings(world)
    foreign = a_supplier(world, by=stranger)
    with pytest.raises(NotFound):
        services.add_candidate(stranger, project_id, supplier_id, now=world.now)
    with pytest.raises(NotFound):
        services.add_candidate(world.buyer, project_id, foreign, now=world.now)


def test_candidates_wait_for_the_approved_need(world: World) -> None:
    with pytest.raises(Refused, match="need_not_approved"):
        services.add_candidate(world.buyer, a_need(world), a_supplier(world), now=world.now)


def test_step_two_is_passed_with_a_candidate(world: World) -> None:
    project_id = a_need_for_castings(world)
    with pytest.raises(Refused, match="step_blocked"):
        steps.pass_stage(world.buyer, project_id, "potential", now=world.now)
    services.add_candidate(world.buyer, project_id, a_supplier(world), now=world.now)
    steps.pass_stage(world.buyer, project_id, "potential", now=world.now)
    assert sourcing.project(project_id).stage == "bidding_list"


def test_a_dropped_candidate_no_longer_counts_and_may_come_back(world: World) -> None:
    supplier_id, project_id = a_supplier(world), a_need_for_castings(world)
    services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)
    with pytest.raises(Refused, match="reason_needed"):
        services.drop_candidate(world.buyer, project_id, supplier_id, note=" ", now=world.now)
    services.drop_candidate(world.buyer, project_id, supplier_id, note="too small", now=world.now)
    assert _states(project_id) == {supplier_id: "dropped"} and _blockers(project_id, "potential")
    services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)
    assert _states(project_id) == {supplier_id: "candidate"}


def test_a_new_prospect_enters_registry_and_project_at_once(world: World) -> None:
    project_id = a_need_for_castings(world)
    supplier_id = services.add_new_prospect(
        world.buyer, project_id, supplier_data("Neu GmbH", country="DE", categories=(CASTINGS,)),
        contact_name="Uwe Neu", contact_email="uwe@neu.example", now=world.now,
    )  # fmt: skip
    assert suppliers.supplier_for(world.buyer, supplier_id).state == "prospect"
    assert suppliers.contacts([supplier_id])[supplier_id][0].email == "uwe@neu.example"
    assert _states(project_id) == {supplier_id: "candidate"}


def test_a_prospect_with_a_wrong_contact_leaves_nothing_behind(world: World) -> None:
    project_id = a_need_for_castings(world)
    data = supplier_data("Neu GmbH", country="DE", categories=(CASTINGS,))
    with pytest.raises(Invalid) as caught:
        services.add_new_prospect(
            world.buyer, project_id, data, contact_name="Uwe", contact_email="no address", now=world.now
        )
    assert [p.field for p in caught.value.problems] == ["contact_email"]
    assert suppliers.duplicates(world.organisation_id, data) == [] and queries.candidates(project_id) == []


def test_panel_suppliers_are_shortlisted_others_need_a_waiver(world: World) -> None:
    project_id = a_need_for_castings(world)
    known, unknown = a_qualified_supplier(world, category=CASTINGS), a_supplier(world)
    services.shortlist(world.buyer, project_id, known, now=world.now)
    services.add_candidate(world.buyer, project_id, unknown, now=world.now)
    with pytest.raises(Refused, match="waiver_needed"):
        services.shortlist(world.buyer, project_id, unknown, now=world.now)
    assert _states(project_id) == {known: "shortlisted", unknown: "candidate"}


def test_an_expired_qualification_is_no_panel(world: World) -> None:
    project_id = a_need_for_castings(world)
    late = a_qualified_supplier(world, category=CASTINGS, until=date(2026, 3, 1))
    with pytest.raises(Refused, match="waiver_needed"):
        services.shortlist(world.buyer, project_id, late, now=world.now)


def _asked(world: World, by: object = None) -> tuple[str, str, str]:
    project_id, supplier_id = a_need_for_castings(world), a_supplier(world, "Offpanel")
    a_contact(world, supplier_id)
    services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)
    asker = by or world.buyer
    waiver_id = services.ask_waiver(asker, project_id, supplier_id, reason="sole maker", now=world.now)  # type: ignore[arg-type]
    return project_id, supplier_id, waiver_id


def test_a_waiver_shortlists_subject_to_the_managers_word(world: World) -> None:
    assert world.manager
    project_id, supplier_id, waiver_id = _asked(world)
    assert _states(project_id) == {supplier_id: "shortlisted"}
    assert "list_waiver_waiting" in _blockers(project_id, "bidding_list")
    assert [one.id for one in queries.waiting_waivers(world.manager)] == [waiver_id]
    assert any("Offpanel" in notice.text for notice in notices(world.manager)[0])
    services.decide_waiver(world.manager, waiver_id, approve=True, now=world.now)
    assert not [c for c in _blockers(project_id, "bidding_list") if c.startswith("list_waiver")]
    assert queries.waiting_waivers(world.manager) == []


def test_a_refused_waiver_needs_a_note_and_puts_the_supplier_back(world: World) -> None:
    project_id, supplier_id, waiver_id = _asked(world)
    with pytest.raises(Refused, match="reason_needed"):
        services.decide_waiver(world.manager, waiver_id, approve=False, now=world.now)
    services.decide_waiver(world.manager, waiver_id, approve=False, note="ask the panel", now=world.now)
    assert _states(project_id) == {supplier_id: "candidate"}
    with pytest.raises(Refused, match="already_done"):
        services.decide_waiver(world.manager, waiver_id, approve=True, now=world.now)
    services.ask_waiver(world.buyer, project_id, supplier_id, reason="really the sole maker", now=world.now)


def test_nobody_decides_their_own_waiver_and_only_managers_decide(world: World) -> None:
    both = world.person("buyer", "purchasing_manager", limit="1000")
    _project, _supplier, waiver_id = _asked(world, by=both)
    with pytest.raises(Forbidden, match="own_work"):
        services.decide_waiver(both, waiver_id, approve=True, now=world.now)
    with pytest.raises(Forbidden, match="no_authority"):
        services.decide_waiver(world.buyer, waiver_id, approve=True, now=world.now)
    assert queries.waiting_waivers(both) == []


def test_no_waiver_is_asked_where_none_is_needed(world: World) -> None:
    project_id, known = a_need_for_castings(world), a_qualified_supplier(world, category=CASTINGS)
    services.add_candidate(world.buyer, project_id, known, now=world.now)
    with pytest.raises(Refused, match="waiver_not_needed"):
        services.ask_waiver(world.buyer, project_id, known, reason="why not", now=world.now)
    a_shortlist(world, project_id, 3)
    with pytest.raises(Refused, match="waiver_not_needed"):
        services.ask_competition_waiver(world.buyer, project_id, reason="why not", now=world.now)


def test_a_short_list_passes_with_a_competition_waiver_for_its_length(world: World) -> None:
    project_id = a_need_for_castings(world)
    with pytest.raises(Refused, match="list_empty"):
        services.ask_competition_waiver(world.buyer, project_id, reason="only two exist", now=world.now)
    first, _second = a_shortlist(world, project_id, 2)
    assert _blockers(project_id, "bidding_list") == ["list_too_short"]
    waiver_id = services.ask_competition_waiver(world.buyer, project_id, reason="only two exist", now=world.now)
    services.decide_waiver(world.manager, waiver_id, approve=True, now=world.now)
    assert _blockers(project_id, "bidding_list") == []
    services.unlist(world.buyer, project_id, first, now=world.now)
    assert _blockers(project_id, "bidding_list") == ["list_too_short"]


def test_the_organisations_minimum_counts(world: World) -> None:
    accounts.change_organisation(world.administrator, version=None, competition_min=1, now=world.now)
    project_id = a_need_for_castings(world)
    a_shortlist(world, project_id, 1)
    assert _blockers(project_id, "bidding_list") == []


def test_a_shortlisted_supplier_without_contact_blocks(world: World) -> None:
    project_id, lonely = a_need_for_castings(world), a_qualified_supplier(world, category=CASTINGS)
    a_shortlist(world, project_id, 2)
    services.shortlist(world.buyer, project_id, lonely, now=world.now)
    assert _blockers(project_id, "bidding_list") == ["list_contact_missing"]
    a_contact(world, lonely)
    assert _blockers(project_id, "bidding_list") == []


def test_contact_and_language_of_the_invitation_are_chosen(world: World) -> None:
    project_id, (supplier_id, _actor) = a_need_for_castings(world), a_bidder(world)
    other, foreign = a_contact(world, supplier_id, "Zoe"), a_contact(world, a_supplier(world))
    services.shortlist(world.buyer, project_id, supplier_id, now=world.now)
    choose = {"project_id": project_id, "supplier_id": supplier_id, "now": world.now}
    services.choose_contact(world.buyer, contact_id=other, language="fr", **choose)
    row = queries.bidding_list(sourcing.project(project_id), world.now.date()).shortlisted[0]
    assert row.contact and row.contact.name == "Zoe" and row.language == "fr"
    with pytest.raises(NotFound):
        services.choose_contact(world.buyer, contact_id=foreign, language="fr", **choose)
    with pytest.raises(Invalid):
        services.choose_contact(world.buyer, contact_id=other, language="tlh", **choose)


def test_a_passed_list_changes_only_after_reopening(world: World) -> None:
    project_id = a_need_for_castings(world)
    first, *_others = a_shortlist(world, project_id, 3)
    for stage in ("potential", "bidding_list"):
        steps.pass_stage(world.buyer, project_id, stage, now=world.now)
    with pytest.raises(Refused, match="list_is_fixed"):
        services.unlist(world.buyer, project_id, first, now=world.now)
    steps.reopen_stage(world.buyer, project_id, "bidding_list", reason="one withdrew", now=world.now)
    services.unlist(world.buyer, project_id, first, now=world.now)


def test_the_trail_of_steps_two_and_three_verifies(world: World) -> None:
    _asked(world)
    a_published_event(world)
    count, bad = verify_streams()
    assert count > 20 and bad == []
