from datetime import date

import pytest

from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.notifications import queries as notifications
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.qualification import Decision
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


def test_a_disqualification_takes_the_approval_away_at_once(world):
    supplier_id = a_qualified_supplier(world, "Acme")
    cell = queries.qualifications(supplier_id, world.now.date())[0]
    with pytest.raises(Refused):
        services.disqualify(world.buyer, cell.id, reason="", now=world.now)
    services.disqualify(world.buyer, cell.id, reason="failed audit", now=world.now)
    assert panel_names(world) == []
    states = [(one.state, one.reason) for one in queries.qualifications(supplier_id, world.now.date())]
    assert states == [("disqualified", "failed audit")]


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
    assert len(notifications.notices(world.manager)[0]) == before + 1
    assert "ends on 2026-06-30" in notifications.notices(world.manager)[0][0].text


def test_no_reminder_comes_for_what_was_taken_away(world):
    supplier_id = a_qualified_supplier(world, "Acme", until=date(2026, 6, 30))
    cell = queries.qualifications(supplier_id, world.now.date())[0]
    services.disqualify(world.buyer, cell.id, reason="failed audit", now=world.now)
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
