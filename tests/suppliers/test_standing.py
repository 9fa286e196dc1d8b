"""How suppliers do: facts become marks, plans have steps, risks have sources, rules warn or block."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from srm_portal.exchange.services import import_deliveries
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.segmentation import FACTORS
from tests.support.factories.suppliers import CASTINGS, a_qualified_supplier, a_supplier
from tests.support.statements import count_statements

HEAD = "Supplier;Order number;Line;Category;Due on;Delivered on;Ordered;Received;Rejected;Amount;Currency\n"


def take_in(world, *rows: str, partial: bool = False):
    data = (HEAD + "\n".join(rows)).encode()
    return import_deliveries(world.buyer, data, partial=partial, now=world.now)


def a_line(world, supplier_id, number="PO-1", delivered=date(2026, 2, 10), **values):
    given = {
        "order_number": number, "line": "1", "due_on": date(2026, 2, 10), "delivered_on": delivered,
        "ordered": Decimal(10), "received": Decimal(10) if delivered else Decimal(0), "rejected": Decimal(0),
        "amount": Decimal(500), "currency": "EUR", "category": CASTINGS,
    }  # fmt: skip
    return services.keep_delivery(world.buyer, supplier_id, now=world.now, **(given | values))


def test_deliveries_come_from_a_table_with_an_error_for_each_wrong_row(world):
    supplier_id = a_supplier(world, "Acme")
    report = take_in(
        world,
        f"Acme;PO-1;10;{CASTINGS};2026-02-10;2026-02-09;100;100;2;1 250,50;EUR",
        "Nobody;PO-2;1;;2026-02-10;2026-02-09;1;1;0;;",
        "Acme;PO-3;1;;soon;;1;;;;",
        "Acme;PO-4;1;;2026-02-10;2026-02-10;5;5;6;;",
        "Acme;PO-1;10;;2026-02-10;;100;;;;",
        "Acme;PO-6;1;;2026-02-10;;=1+1;;;10;Taler",
        partial=True,
    )
    assert [one.state for one in report.outcomes] == ["imported", *["refused"] * 5]
    codes = [one.problems[0].code for one in report.outcomes[1:]]
    assert codes[:4] == ["supplier_not_known", "bad_date", "more_rejected_than_received", "twice"]
    assert len(queries.scorecard_of(world.organisation_id, supplier_id, "2026-Q1", world.now.date()).measures) == 3


def test_one_wrong_row_keeps_all_out_unless_the_good_ones_are_wanted(world):
    supplier_id = a_supplier(world, "Acme")
    report = take_in(world, "Acme;PO-1;1;;2026-02-10;;1;;;;", "Nobody;PO-2;1;;2026-02-10;;1;;;;")
    assert not report.done
    assert queries.scorecard_of(world.organisation_id, supplier_id, "2026-Q1", world.now.date()).measures == ()


def test_a_line_imported_again_is_brought_up_to_date(world):
    supplier_id = a_supplier(world, "Acme")
    assert a_line(world, supplier_id, delivered=None) is True
    assert a_line(world, supplier_id) is False
    card = queries.scorecard_of(world.organisation_id, supplier_id, "2026-Q1", world.now.date())
    assert card.marks["delivery"] == 100


def test_a_period_is_closed_from_its_facts_and_keeps_them(world):
    supplier_id = a_supplier(world)
    with pytest.raises(Refused) as nothing:
        services.close_period(world.buyer, supplier_id, "2026-Q1", now=world.now)
    assert nothing.value.code == "no_facts"
    a_line(world, supplier_id)
    a_line(world, supplier_id, "PO-2", delivered=date(2026, 2, 20))
    marks = services.close_period(world.buyer, supplier_id, "2026-q1", now=world.now)
    assert (marks["delivery"], marks["quality"], marks["cost"]) == (50, 100, None)
    kept = queries.performance(supplier_id)[0]
    assert (kept.period, kept.overall, kept.source) == ("2026-Q1", 75, "facts")
    assert {fact[3] for fact in kept.facts} == {"on_time_few", "in_full", "rejected_ppm"}
    assert queries.suppliers([supplier_id])[supplier_id].score == 75


def test_weights_of_the_house_make_the_overall_mark(world):
    supplier_id = a_supplier(world)
    weights = {"quality": 3, "delivery": 1, "cost": 0, "responsiveness": 0, "sustainability": 0}
    rules = {"score": "warn", "score_min": 50, "risk": "warn", "certificate": "off", "plan": "off", "certificates": []}
    services.set_rules(world.manager, weights=weights, gates=rules, now=world.now)
    services.record_performance(world.buyer, supplier_id, "2026", {"quality": 80, "delivery": 40}, now=world.now)
    assert queries.performance(supplier_id)[0].overall == 70


def test_colleagues_are_asked_once_and_only_they_answer(world):
    supplier_id = a_supplier(world)
    asked = services.ask_colleagues(world.buyer, supplier_id, "2026-Q1", [world.requester.user_id], now=world.now)
    again = services.ask_colleagues(world.buyer, supplier_id, "2026-Q1", [world.requester.user_id], now=world.now)
    assert (asked, again) == (1, 0)
    one = queries.my_surveys(world.requester)[0]
    with pytest.raises(NotFound):
        services.answer_survey(world.buyer, one.id, {"quality": 5}, comment="", now=world.now)
    with pytest.raises(Invalid):
        services.answer_survey(world.requester, one.id, {"quality": 6}, comment="", now=world.now)
    services.answer_survey(world.requester, one.id, {"quality": 5, "cost": None}, comment="fine", now=world.now)
    card = queries.scorecard_of(world.organisation_id, supplier_id, "2026-Q1", world.now.date())
    assert card.marks["quality"] == 100


def a_plan(world, supplier_id, due_on=date(2026, 6, 30)):
    return services.open_plan(
        world.buyer, supplier_id, title="Less scrap", dimension="quality", target=85, due_on=due_on, now=world.now
    )


def test_a_plan_has_steps_for_both_sides_and_an_end(world):
    supplier_id = a_supplier(world)
    person = world.supplier_user(supplier_id)
    plan = a_plan(world, supplier_id)
    theirs = services.add_task(
        world.buyer, plan, title="New gauge", side="supplier", due_on=date(2026, 4, 1), now=world.now
    )
    ours = services.add_task(world.buyer, plan, title="Drawing", side="buyer", due_on=date(2026, 4, 1), now=world.now)
    with pytest.raises(NotFound):
        services.finish_task(person, ours, note="", now=world.now)
    services.finish_task(person, theirs, note="bought", now=world.now)
    with pytest.raises(Refused):
        services.finish_task(person, theirs, note="", now=world.now)
    view = queries.plan_for(person, plan)
    assert (view.done, view.late(date(2026, 4, 2))) == (1, True)
    with pytest.raises(NotFound):
        queries.plan_for(world.supplier_user(a_supplier(world)), plan)
    services.close_plan(world.buyer, plan, result="Scrap halved.", now=world.now)
    assert queries.plan_for(world.buyer, plan).state == "closed"


def test_a_step_does_not_outlast_its_plan(world):
    plan = a_plan(world, a_supplier(world))
    with pytest.raises(Invalid):
        services.add_task(world.buyer, plan, title="x", side="buyer", due_on=date(2026, 7, 1), now=world.now)


def a_flag(world, supplier_id, level="high", source="Trade register, 2 March"):
    return services.raise_flag(
        world.buyer, supplier_id, kind="financial", level=level, text="Accounts not filed", source=source,
        seen_on=world.now.date(), review_on=None, now=world.now,
    )  # fmt: skip


def test_a_risk_has_a_source_and_is_closed_with_a_reason(world):
    supplier_id = a_supplier(world)
    with pytest.raises(Invalid):
        a_flag(world, supplier_id, source=" ")
    flag = a_flag(world, supplier_id)
    with pytest.raises(Refused):
        services.close_flag(world.buyer, flag, reason="", now=world.now)
    services.close_flag(world.buyer, flag, reason="Filed now.", now=world.now)
    assert queries.flags(supplier_id)[0].closed_reason == "Filed now."


def codes(world, supplier_id):
    score = queries.suppliers([supplier_id])[supplier_id].score
    found = queries.gates(world.organisation_id, {supplier_id: score}, world.now.date())[supplier_id]
    return [(one.code, one.level) for one in found]


def test_gates_look_at_marks_risks_and_late_plans(world):
    supplier_id = a_supplier(world)
    assert codes(world, supplier_id) == []
    services.record_performance(world.buyer, supplier_id, "2026", {"quality": 30}, now=world.now)
    a_flag(world, supplier_id)
    plan = a_plan(world, supplier_id, due_on=date(2026, 3, 5))
    world.later(days=5)
    assert {code for code, _level in codes(world, supplier_id)} == {"gate_score", "gate_risk", "gate_plan"}
    services.close_plan(world.buyer, plan, result="done", now=world.now)
    assert ("gate_plan", "warn") not in codes(world, supplier_id)


def test_gates_of_sixty_suppliers_need_two_statements(world):
    scores = {a_supplier(world): None for _number in range(6)}
    db.session.rollback()
    with count_statements() as found:
        queries.gates(world.organisation_id, scores, world.now.date())
    assert len(found) == 2, found


def test_categories_are_placed_by_spend_approvals_and_factors(world):
    supplier_id = a_qualified_supplier(world, "Acme", category=CASTINGS)
    a_line(world, supplier_id)
    a_line(world, supplier_id, "PO-9", currency="PLN")
    span = (world.organisation_id, "EUR", date(2025, 3, 2), date(2026, 3, 2))
    found = queries.segments(*span)
    assert [(one.category, one.abc.klass, one.suppliers, one.position) for one in found.categories] == [
        (CASTINGS, "A", 1, None)
    ]
    assert (found.left_out, found.hhi, found.total) == (1, 10_000, Decimal(500))
    services.rate_category(
        world.buyer, CASTINGS, dict.fromkeys(FACTORS, 5), quadrant="", note="one foundry", now=world.now
    )
    assert queries.segments(*span).categories[0].position.quadrant == "strategic"


def test_the_pages_of_standing_open_and_act(world):
    supplier_id = a_qualified_supplier(world, "Acme", category=CASTINGS)
    a_line(world, supplier_id)
    buyer, manager = world.client_of(world.buyer), world.client_of(world.manager)
    person = world.client_of(world.supplier_user(supplier_id))
    page = f"/suppliers/{supplier_id}/standing"
    assert "on time" in buyer.get(f"{page}?period=2026-Q1").text
    assert buyer.post(f"{page}/close", data={"period": "2026-Q1"}).status_code == 302
    asked = {"period": "2026-Q1", "people": world.requester.user_id}
    assert buyer.post(f"/suppliers/{supplier_id}/surveys", data=asked).status_code == 302
    requester = world.client_of(world.requester)
    db.session.rollback()
    one = queries.my_surveys(world.requester)[0]
    assert "Acme" in requester.get("/surveys").text
    assert requester.get(f"/surveys/{one.id}").status_code == 200
    assert requester.post(f"/surveys/{one.id}", data={"quality": "4", "delivery": "", "cost": "", "responsiveness": "",
                                                     "sustainability": ""}).status_code == 302  # fmt: skip
    plan = {"title": "Less scrap", "dimension": "quality", "due_on": "2026-06-30"}
    address = buyer.post(f"/suppliers/{supplier_id}/plans/new", data=plan).headers["Location"]
    step = {"title": "New gauge", "side": "supplier", "due_on": "2026-04-01"}
    assert buyer.post(f"{address}/tasks", data=step).status_code == 302
    assert "New gauge" in buyer.get(address).text
    assert "New gauge" in person.get("/supplier/plans").text
    db.session.rollback()
    task = queries.plans(supplier_id)[0].tasks[0].id
    assert person.post(f"/supplier/plans/tasks/{task}", data={"note": "bought"}).status_code == 302
    flag = {"kind": "financial", "level": "high", "text": "Not filed", "source": "Register", "seen_on": "2026-03-01"}
    assert buyer.post(f"/suppliers/{supplier_id}/flags", data=flag).status_code == 302
    shown = buyer.get(f"/suppliers/{supplier_id}/plans").text
    assert "Not filed" in shown and "Warns at an invitation" in shown and "bought" not in shown
    db.session.rollback()
    one = queries.flags(supplier_id)[0]
    assert buyer.post(f"/suppliers/flags/{one.id}/close", data={"reason": "filed"}).status_code == 302
    assert buyer.post(f"{address}/close", data={"reason": "good"}).status_code == 302
    assert "Not filed" not in person.get("/supplier/plans").text
    for address in ("/suppliers/segmentation", f"/suppliers/segmentation/{CASTINGS}", "/suppliers/rules"):
        assert buyer.get(address).status_code == 200, address
    rating = dict.fromkeys(FACTORS, "4")
    assert buyer.post(f"/suppliers/segmentation/{CASTINGS}", data=rating).status_code == 302
    assert "strategic" in buyer.get("/suppliers/segmentation").text
    rules = dict.fromkeys(("quality", "delivery", "cost", "responsiveness", "sustainability"), "1")
    rules |= {"score_min": "60", "score": "block", "risk": "warn", "certificate": "warn", "plan": "off"}
    assert buyer.post("/suppliers/rules", data=rules).status_code == 404
    assert manager.post("/suppliers/rules", data=rules).status_code == 302
    assert person.get(page).status_code == 404


def test_the_table_of_deliveries_goes_in_by_the_import_page(world):
    a_supplier(world, "Acme")
    buyer = world.client_of(world.buyer)
    assert buyer.get("/import/templates/deliveries.csv").status_code == 200
    data = (HEAD + "Acme;PO-1;1;;2026-02-10;2026-02-10;10;10;0;;\n").encode()
    looked = buyer.post("/import", data={"what": "deliveries", "file": (io.BytesIO(data), "d.csv")})
    assert looked.status_code == 302
    assert "PO-1" in buyer.get(looked.headers["Location"]).text
