from datetime import date

import pytest

from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.notifications import queries as notifications
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.qualification import Decision
from srm_portal.suppliers.domain.questionnaires import Question
from tests.support.factories.suppliers import (
    CASTINGS,
    MACHINE_TOOLS,
    a_cell,
    a_qualified_supplier,
    a_supplier,
    approval,
    the_categories,
)


def panel_names(world, category=MACHINE_TOOLS, region="", on=date(2026, 3, 2)):
    return [entry.supplier.name for entry in queries.panel(world.organisation_id, category, region, on)]


def test_one_person_asks_and_another_decides(world):
    supplier_id = a_supplier(world, "Acme")
    cell_id = a_cell(world, supplier_id)
    assert not queries.is_qualified(supplier_id, MACHINE_TOOLS, "", world.now.date())
    services.decide_qualification(world.manager, cell_id, approval(), now=world.now)
    assert queries.is_qualified(supplier_id, MACHINE_TOOLS, "", world.now.date())
    view = queries.qualification_for(world.buyer, cell_id, world.now.date())
    assert (view.state, view.score, view.decided_name) == ("qualified", 80, world.manager.name)
    assert queries.supplier_for(world.buyer, supplier_id).state == "active"


def test_nobody_decides_what_they_asked_for(world):
    cell_id = a_cell(world, a_supplier(world))
    with pytest.raises(Forbidden) as refusal:
        services.decide_qualification(world.buyer, cell_id, approval(), now=world.now)
    assert refusal.value.code == "own_work"
    assert queries.qualification_for(world.buyer, cell_id, world.now.date()).status == "applied"


def test_a_decision_is_made_once(world):
    cell_id = a_cell(world, a_supplier(world))
    services.decide_qualification(world.manager, cell_id, approval(), now=world.now)
    with pytest.raises(Refused) as refusal:
        services.decide_qualification(world.manager, cell_id, approval(), now=world.now)
    assert refusal.value.code == "already_done"


def test_a_condition_without_reason_is_refused(world):
    cell_id = a_cell(world, a_supplier(world))
    with pytest.raises(Invalid) as refusal:
        services.decide_qualification(world.manager, cell_id, approval("conditional", reason=""), now=world.now)
    assert [problem.field for problem in refusal.value.problems] == ["reason"]


def test_the_same_cell_is_not_asked_twice_but_another_is(world):
    supplier_id = a_supplier(world)
    a_cell(world, supplier_id)
    with pytest.raises(Invalid):
        a_cell(world, supplier_id)
    assert a_cell(world, supplier_id, region="FR")
    assert a_cell(world, supplier_id, CASTINGS)


def test_an_unknown_category_is_refused(world):
    the_categories(world)
    with pytest.raises(Invalid):
        a_cell(world, a_supplier(world), "99999999")


def test_managers_hear_of_a_request_and_the_asker_of_the_decision(world):
    manager = world.manager
    cell_id = a_cell(world, a_supplier(world, "Acme"))
    assert "asks to qualify Acme for Machine tools" in notifications.notices(manager)[0][0].text
    services.decide_qualification(manager, cell_id, approval("conditional", reason="ISO 9001 by June"), now=world.now)
    assert "with a condition" in notifications.notices(world.buyer)[0][0].text


def test_the_panel_holds_who_is_approved_on_the_day(world):
    a_qualified_supplier(world, "Conditional", status="conditional", until=date(2026, 12, 31))
    a_qualified_supplier(world, "Qualified")
    a_supplier(world, "Prospect", categories=(MACHINE_TOOLS,))
    assert panel_names(world) == ["Conditional", "Qualified"]
    assert panel_names(world, on=date(2026, 12, 31)) == ["Conditional", "Qualified"]
    assert panel_names(world, on=date(2027, 1, 1)) == ["Qualified"]
    assert panel_names(world, CASTINGS) == []


def test_the_panel_of_a_category_holds_who_is_approved_above_it(world):
    a_qualified_supplier(world, "Wide", category="42000000")
    a_qualified_supplier(world, "French", region="FR")
    assert panel_names(world, "42670000") == ["French", "Wide"]
    assert panel_names(world, "42670000", region="DE1") == ["Wide"]


def test_a_blocked_supplier_is_on_no_panel(world):
    supplier_id = a_qualified_supplier(world, "Acme")
    services.block_supplier(world.buyer, supplier_id, reason="fraud", now=world.now)
    assert panel_names(world) == []
    assert not queries.is_qualified(supplier_id, MACHINE_TOOLS, "", world.now.date())


def a_case(world, **values):
    """A suspended approval: (supplier, case)."""
    supplier_id = a_qualified_supplier(world, "Acme", **values)
    cell = queries.qualifications(supplier_id, world.now.date())[0]
    return supplier_id, services.start_disqualification(world.buyer, cell.id, reason="failed audit", now=world.now)


def standings(world, supplier_id):
    return [(one.state, one.reason) for one in queries.qualifications(supplier_id, world.now.date())]


def test_a_suspension_takes_the_approval_away_at_once(world):
    supplier_id = a_qualified_supplier(world, "Acme")
    cell = queries.qualifications(supplier_id, world.now.date())[0]
    with pytest.raises(Refused):
        services.start_disqualification(world.buyer, cell.id, reason="", now=world.now)
    services.start_disqualification(world.buyer, cell.id, reason="failed audit", now=world.now)
    assert panel_names(world) == []
    assert standings(world, supplier_id) == [("suspended", "failed audit")]


def test_who_suspended_does_not_decide_and_the_supplier_is_heard_first(world):
    supplier_id, case = a_case(world)
    person = world.supplier_user(supplier_id)
    decide = services.decide_disqualification
    with pytest.raises(Forbidden):
        decide(world.buyer, case, outcome="disqualified", reason="x", now=world.now)
    with pytest.raises(Refused) as early:
        decide(world.manager, case, outcome="disqualified", reason="x", now=world.now)
    assert early.value.code == "hearing_still_open"
    services.state_own_side(person, case, statement="We moved the line.", now=world.now)
    with pytest.raises(Refused):
        services.state_own_side(person, case, statement="And again.", now=world.now)
    decide(world.manager, case, outcome="disqualified", reason="The audit stands.", now=world.now)
    assert standings(world, supplier_id) == [("disqualified", "The audit stands.")]


def test_after_the_day_of_hearing_a_decision_needs_no_statement(world):
    supplier_id, case = a_case(world)
    world.later(days=15)
    with pytest.raises(Refused) as late:
        services.state_own_side(world.supplier_user(supplier_id), case, statement="Late.", now=world.now)
    assert late.value.code == "hearing_is_over"
    services.decide_disqualification(world.manager, case, outcome="disqualified", reason="silence", now=world.now)


def test_a_reinstated_approval_is_what_it_was(world):
    supplier_id, case = a_case(world, status="conditional", until=date(2026, 12, 31))
    services.decide_disqualification(world.manager, case, outcome="reinstated", reason="a mistake", now=world.now)
    cell = queries.qualifications(supplier_id, world.now.date())[0]
    assert (cell.status, cell.valid_until_on) == ("conditional", date(2026, 12, 31))
    assert panel_names(world) == ["Acme"]


def test_another_supplier_says_nothing_in_a_case(world):
    _supplier_id, case = a_case(world)
    with pytest.raises(NotFound):
        services.state_own_side(world.supplier_user(a_supplier(world)), case, statement="x", now=world.now)


def test_a_request_for_the_next_qualification_comes_in_time(world):
    supplier_id = a_qualified_supplier(world, "Acme", until=date(2026, 6, 30))
    form = services.create_questionnaire(world.buyer, title="Metal", purpose="qualification", now=world.now)
    services.save_question(world.buyer, form, Question("", "ISO?", "yes_no"), now=world.now)
    services.publish_questionnaire(world.buyer, form, now=world.now)
    world.later(days=31)
    world.run_jobs()
    states = [one.state for one in queries.qualifications(supplier_id, world.now.date())]
    assert sorted(states) == ["applied", "qualified"]
    assert [one.questionnaire.title for one in queries.answers_of("supplier", supplier_id)] == ["Metal"]
    assert services.requalify(queries.qualifications(supplier_id, world.now.date())[0].id, now=world.now) is False


def test_a_renewal_that_the_portal_asked_about_is_decided_by_two_people(world):
    supplier_id = a_qualified_supplier(world, "Acme", until=date(2026, 6, 30))
    world.later(days=31)
    world.run_jobs()
    [cell] = [one for one in queries.qualifications(supplier_id, world.now.date()) if one.state == "applied"]
    with pytest.raises(Refused, match="nobody_asked"):
        services.decide_qualification(world.manager, cell.id, approval(), now=world.now)
    buyer, place = world.client_of(world.buyer), f"/suppliers/qualifications/{cell.id}"
    assert "Somebody speaks for the renewal first" in buyer.get(place).text
    assert buyer.post(place + "/ask").status_code == 302
    with pytest.raises(Refused, match="already_done"):
        services.take_up(world.manager, cell.id, now=world.now)
    with pytest.raises(Forbidden, match="own_work"):
        services.decide_qualification(world.buyer, cell.id, approval(), now=world.now)
    services.decide_qualification(world.manager, cell.id, approval(until=date(2027, 6, 30)), now=world.now)
    assert panel_names(world, on=date(2027, 1, 1)) == ["Acme"]


def test_a_cell_carries_its_marks_by_area(world):
    supplier_id = a_supplier(world)
    cell = a_cell(world, supplier_id)
    scores = (("quality", 80), ("finance", 61))
    services.decide_qualification(world.manager, cell, approval(score=None, scores=scores), now=world.now)
    view = queries.qualifications(supplier_id, world.now.date())[0]
    assert (view.score, view.scores) == (71, {"quality": 80, "finance": 61})


def test_an_approval_for_one_business_unit_does_not_count_for_another(world):
    supplier_id = a_supplier(world, "Acme")
    cell = a_cell(world, supplier_id, business_unit="Plant A")
    services.decide_qualification(world.manager, cell, approval(), now=world.now)
    asked = (world.organisation_id, MACHINE_TOOLS, "", world.now.date())
    assert [len(queries.panel(*asked, unit)) for unit in ("", "Plant A", "Plant B")] == [1, 1, 0]
    rows = queries.matrix(world.buyer, world.now.date(), category=MACHINE_TOOLS, unit="Plant A")
    assert [(row.supplier.name, row.cells[0].business_unit) for row in rows] == [("Acme", "Plant A")]


def test_the_pages_of_a_case_and_the_matrix_open(world):
    supplier_id = a_qualified_supplier(world, "Acme")
    cell = queries.qualifications(supplier_id, world.now.date())[0]
    buyer, manager = world.client_of(world.buyer), world.client_of(world.manager)
    person = world.client_of(world.supplier_user(supplier_id))
    made = buyer.post(f"/suppliers/qualifications/{cell.id}/suspend", data={"reason": "failed audit"})
    address = made.headers["Location"]
    assert "failed audit" in buyer.get(address).text
    assert "failed audit" in person.get("/supplier/company").text
    case = address.rsplit("/", 1)[-1]
    assert person.post(f"/supplier/cases/{case}", data={"statement": "Mended."}).status_code == 302
    assert "Acme" in manager.get("/suppliers/qualifications").text
    assert "Acme" in manager.get("/suppliers/matrix").text
    assert manager.post(address, data={"outcome": "disqualified", "reason": "stands"}).status_code == 302
    assert "stands" in manager.get(address).text
    assert person.get(address).status_code == 404


def test_a_new_request_leaves_the_old_approval_standing_until_it_is_decided(world):
    supplier_id = a_qualified_supplier(world, "Acme")
    cell_id = a_cell(world, supplier_id)
    assert panel_names(world) == ["Acme"]
    decision = Decision("disqualified", None, None, reason="too slow")
    services.decide_qualification(world.manager, cell_id, decision, now=world.now)
    assert panel_names(world) == []
    assert len(queries.qualifications(supplier_id, world.now.date())) == 1


def test_a_reminder_comes_before_an_approval_ends(world):
    a_qualified_supplier(world, "Acme", until=date(2026, 6, 30))
    world.run_jobs()
    before = len(notifications.notices(world.manager)[0])
    world.later(days=95)
    world.run_jobs()
    told = [one.text for one in notifications.notices(world.manager)[0]]
    assert len(told) == before + 2
    assert all("ends on 2026-06-30" in text for text in told[:2])


def test_no_reminder_comes_for_what_was_taken_away(world):
    supplier_id = a_qualified_supplier(world, "Acme", until=date(2026, 6, 30))
    cell = queries.qualifications(supplier_id, world.now.date())[0]
    services.start_disqualification(world.buyer, cell.id, reason="failed audit", now=world.now)
    before = len(notifications.notices(world.manager)[0])
    world.later(days=95)
    world.run_jobs()
    assert len(notifications.notices(world.manager)[0]) == before


def test_waiting_requests_are_counted_for_others_only(world):
    a_cell(world, a_supplier(world, "Acme"))
    assert [one.supplier.name for one in queries.waiting(world.organisation_id, world.now.date())] == ["Acme"]
    assert queries.waiting_count(world.manager) == 1
    assert queries.waiting_count(world.buyer) == 0


def test_panels_are_counted_by_category(world):
    a_qualified_supplier(world, until=date(2026, 12, 31))
    a_qualified_supplier(world)
    found = queries.panels(world.organisation_id, world.now.date())
    assert [(one.category, one.cells, one.next_expiry_on) for one in found] == [(MACHINE_TOOLS, 2, date(2026, 12, 31))]


def test_another_organisation_neither_decides_nor_sees(world):
    cell_id = a_cell(world, a_supplier(world))
    stranger = world.person("purchasing_manager", organisation_id=world.other_organisation())
    with pytest.raises(NotFound):
        services.decide_qualification(stranger, cell_id, approval(), now=world.now)
    with pytest.raises(NotFound):
        queries.qualification_for(stranger, cell_id, world.now.date())
    assert queries.panel(stranger.organisation_id, MACHINE_TOOLS, "", world.now.date()) == []


def test_marks_are_recorded_and_the_newest_period_gives_the_score(world):
    supplier_id = a_supplier(world)
    services.record_performance(world.buyer, supplier_id, "2026-q1", {"quality": 80, "delivery": 90}, now=world.now)
    services.record_performance(world.buyer, supplier_id, "2025-Q4", {"quality": 50}, now=world.now)
    assert [(one.period, one.overall) for one in queries.performance(supplier_id)] == [("2025-Q4", 50), ("2026-Q1", 85)]
    assert queries.supplier_for(world.buyer, supplier_id).score == 85
    services.record_performance(world.buyer, supplier_id, "2026-Q1", {"quality": 70}, now=world.now)
    assert queries.supplier_for(world.buyer, supplier_id).score == 70


def test_wrong_marks_are_refused(world):
    supplier_id = a_supplier(world)
    with pytest.raises(Invalid) as refusal:
        services.record_performance(world.buyer, supplier_id, "spring", {"quality": 101}, now=world.now)
    assert {problem.field for problem in refusal.value.problems} == {"period", "quality"}
    assert queries.performance(supplier_id) == []


def test_categories_have_labels_in_the_readers_language(world):
    the_categories(world)
    assert queries.label("14622000", "fr") == "Acier"
    assert queries.label("14622000", "pl") == "Steel"
    assert queries.label("nonsense", "en") == "nonsense"
    assert queries.category("14622000").parent == "14620000"
    assert ("14622000", "14622000 Acier") in queries.choices("fr")


def test_an_import_of_categories_keeps_other_languages_and_names_wrong_rows(world):
    the_categories(world)
    rows = [
        services.CategoryRow("14622000-7", {"pl": "Stal"}),
        services.CategoryRow("SERVICE", {"en": "Own"}, scheme="X"),
    ]
    assert services.import_categories(world.administrator, rows, world.now) == 2
    assert (queries.label("14622000", "pl"), queries.label("14622000", "fr")) == ("Stal", "Acier")
    with pytest.raises(Invalid) as refusal:
        services.import_categories(world.administrator, [services.CategoryRow("12", {"en": "x"})], world.now)
    assert refusal.value.problems[0].row == 1
