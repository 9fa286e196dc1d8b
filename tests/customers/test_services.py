from datetime import date, timedelta
from decimal import Decimal

import pytest

from srm_portal.audit.queries import history_of
from srm_portal.customers import queries, services
from srm_portal.customers.domain.pipeline import LineInput
from srm_portal.customers.queries import CustomerFilter
from srm_portal.customers.services import OpportunityData, OrderRow
from srm_portal.kernel.errors import Invalid, NotFound, Refused, Stale
from srm_portal.notifications import queries as notifications
from srm_portal.web.paging import Page
from tests.support.factories.customers import a_customer, an_opportunity, an_order, customer_data

VAT = "FR40303265045"


def problems_of(call):
    with pytest.raises(Invalid) as refusal:
        call()
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def code_of(call):
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code


@pytest.fixture
def stranger(world):
    return world.person("buyer", organisation_id=world.other_organisation())


def listed(world, **wanted):
    return [row.customer.name for row in queries.search(world.buyer, CustomerFilter(**wanted), Page(1))[0]]


def test_a_customer_gets_a_reference_and_a_trail(world):
    customer_id = a_customer(world, "Alpes Pompes", roles=("customer", "supplier"), vat="40303265045")
    view = queries.customer_for(world.buyer, customer_id)
    assert (view.reference, view.roles, view.vat) == ("C-2026-0001", ("customer", "supplier"), VAT)
    assert history_of(world.buyer, [customer_id])[0].action == "customer.added"


def test_wrong_values_are_named_and_nothing_is_kept(world):
    data = customer_data("Alpes", country="XX", roles=("friend",), owner_id="nobody")
    found = problems_of(lambda: services.add_customer(world.buyer, data, now=world.now))
    assert found == {("country", "country_unknown"), ("roles", "unknown_value"), ("owner_id", "person_unknown")}
    data = customer_data("Alpes", vat="FR1")
    assert problems_of(lambda: services.add_customer(world.buyer, data, now=world.now)) == {("vat", "vat_wrong")}
    assert listed(world) == []


def test_a_likely_duplicate_is_refused_until_somebody_says_it_is_not(world):
    a_customer(world, "Alpes Pompes SA", website="alpes.example")
    for data in (customer_data("ALPES POMPES"), customer_data("Other", website="www.alpes.example")):
        found = problems_of(lambda data=data: services.add_customer(world.buyer, data, now=world.now))
        assert found == {("accept_duplicates", "looks_like_duplicate")}
    assert services.add_customer(world.buyer, data, now=world.now, accept_duplicates=True)


def test_a_stale_edit_is_refused_with_both_versions(world):
    customer_id = a_customer(world, "Alpes", city="Grenoble")
    services.edit_customer(world.buyer, customer_id, customer_data("Alpes", city="Lyon"), version=1, now=world.now)
    with pytest.raises(Stale) as stale:
        services.edit_customer(world.buyer, customer_id, customer_data("Alpes", city="Nice"), version=1, now=world.now)
    assert stale.value.differences == {"city": ("Lyon", "Nice")}


def test_the_list_is_narrowed_by_text_segment_role_country_and_owner(world):
    a_customer(world, "Énergie Alpes", segment="Energy", owner_id=world.buyer.user_id)
    a_customer(world, "Werke Nord", country="DE", roles=("partner",))
    assert listed(world, text="energie") == ["Énergie Alpes"]
    assert listed(world, segment="Energy") == ["Énergie Alpes"]
    assert listed(world, role="partner") == ["Werke Nord"]
    assert listed(world, role="customer") == ["Énergie Alpes"]
    assert listed(world, country="DE") == ["Werke Nord"]
    assert listed(world, owner_id=world.buyer.user_id) == ["Énergie Alpes"]
    assert listed(world, sort="-name") == ["Werke Nord", "Énergie Alpes"]
    assert queries.segments(world.buyer) == ["Energy"]


def test_another_organisation_and_suppliers_find_nothing(world, stranger):
    customer_id, opportunity_id = a_customer(world), an_opportunity(world)
    supplier = world.supplier_user("0123456789abcdef0123")
    for person in (stranger, supplier):
        assert queries.search(person, CustomerFilter(), Page(1)) == ([], 0)
        for call in (
            lambda person=person: queries.customer_for(person, customer_id),
            lambda person=person: queries.opportunity_for(person, opportunity_id),
            lambda person=person: services.edit_customer(
                person, customer_id, customer_data(), version=1, now=world.now
            ),
            lambda person=person: services.log_interaction(
                person, customer_id, kind="call", subject="x", now=world.now
            ),
            lambda person=person: services.move_opportunity(person, opportunity_id, "won", now=world.now),
        ):
            with pytest.raises(NotFound):
                call()


def test_contacts_are_added_changed_and_removed(world):
    customer_id = a_customer(world)
    contact_id = services.add_contact(world.buyer, customer_id, name="Ana", email="ana@alpes.example", now=world.now)
    twin = problems_of(
        lambda: services.add_contact(world.buyer, customer_id, name=" ", email="ANA@alpes.example", now=world.now)
    )
    assert twin == {("name", "required"), ("email", "contact_known")}
    values = {"name": "Bea", "email": "", "phone": "1", "role": "Buyer"}
    services.edit_contact(world.buyer, contact_id, version=1, now=world.now, **values)
    with pytest.raises(Stale):
        services.edit_contact(world.buyer, contact_id, version=1, now=world.now, **values)
    assert [one.name for one in queries.contacts([customer_id])[customer_id]] == ["Bea"]
    services.remove_contact(world.buyer, contact_id, now=world.now)
    assert queries.contacts([customer_id]) == {customer_id: []}


def test_what_was_said_is_listed_newest_first(world):
    customer_id = a_customer(world)
    services.log_interaction(world.buyer, customer_id, kind="call", subject="First", now=world.now)
    later = world.later(hours=2)
    services.log_interaction(world.buyer, customer_id, kind="visit", subject="Second", now=later, text="At their site")
    assert [(one.kind, one.subject) for one in queries.interactions(customer_id)] == [
        ("visit", "Second"),
        ("call", "First"),
    ]


def test_what_lies_ahead_or_is_unknown_is_no_interaction(world):
    customer_id = a_customer(world)
    tomorrow = world.now + timedelta(days=1)
    found = problems_of(
        lambda: services.log_interaction(world.buyer, customer_id, kind="dream", subject="", at=tomorrow, now=world.now)
    )
    assert found == {("kind", "unknown_value"), ("subject", "required"), ("at", "not_yet_happened")}


def test_a_complaint_reaches_the_owner_and_stays_open_until_it_is_resolved(world):
    customer_id = a_customer(world, "Alpes", owner_id=world.requester.user_id)
    talk = services.log_interaction(world.buyer, customer_id, kind="complaint", subject="Late", now=world.now)
    assert "complaint of Alpes: Late" in notifications.notices(world.requester)[0][0].text
    assert queries.open_complaints(world.buyer) == 1
    assert code_of(lambda: services.resolve_complaint(world.buyer, talk, resolution=" ", now=world.now)) == (
        "reason_needed"
    )
    services.resolve_complaint(world.buyer, talk, resolution="credit note", now=world.now)
    assert queries.open_complaints(world.buyer) == 0
    assert code_of(lambda: services.resolve_complaint(world.buyer, talk, resolution="again", now=world.now)) == (
        "already_done"
    )


def test_a_call_is_no_complaint_to_resolve(world):
    talk = services.log_interaction(world.buyer, a_customer(world), kind="call", subject="Hello", now=world.now)
    assert code_of(lambda: services.resolve_complaint(world.buyer, talk, resolution="x", now=world.now))


def test_a_task_is_given_done_and_reopened(world):
    customer_id = a_customer(world, "Alpes")
    requester = world.requester
    task_id = services.add_task(
        world.buyer,
        customer_id,
        title="Call back",
        due_on=date(2026, 3, 5),
        assignee_id=requester.user_id,
        now=world.now,
    )
    assert "a task for Alpes: Call back" in notifications.notices(requester)[0][0].text
    assert [(task.title, card.name) for task, card in queries.my_tasks(requester)] == [("Call back", "Alpes")]
    assert queries.tasks(customer_id)[0].is_late(date(2026, 3, 6))
    services.finish_task(requester, task_id, now=world.now)
    assert queries.my_tasks(requester) == []
    assert code_of(lambda: services.finish_task(requester, task_id, now=world.now)) == "already_done"
    services.reopen_task(requester, task_id, now=world.now)
    assert len(queries.my_tasks(requester)) == 1


def test_a_task_needs_a_title_and_a_person_of_the_house(world):
    found = problems_of(
        lambda: services.add_task(world.buyer, a_customer(world), title="", assignee_id="nobody", now=world.now)
    )
    assert found == {("title", "required"), ("assignee_id", "person_unknown")}


def test_an_opportunity_starts_as_a_lead_with_its_usual_chance(world):
    opportunity_id = an_opportunity(world, lines=2, target_margin=Decimal("12.5"))
    view = queries.opportunity_for(world.buyer, opportunity_id)
    assert (view.reference, view.stage, view.probability, view.currency) == ("O-2026-0001", "lead", 10, "EUR")
    assert (view.target_margin, view.lines_total) == (Decimal("12.5"), Decimal(2000))
    assert [(line.number, line.title, line.price) for line in view.lines] == [
        (1, "Pump P-1", Decimal(100)),
        (2, "Pump P-2", Decimal(100)),
    ]


def test_wrong_values_of_an_opportunity_are_named(world):
    data = OpportunityData("", amount=Decimal(-1), currency="EURO", probability=101, target_margin=Decimal(100))
    found = problems_of(lambda: services.add_opportunity(world.buyer, a_customer(world), data, now=world.now))
    assert {field for field, _code in found} == {"title", "amount", "currency", "probability", "target_margin"}


def test_a_stale_opportunity_is_refused_with_both_versions(world):
    opportunity_id = an_opportunity(world)
    data = OpportunityData("Pumps", amount=Decimal(12_000))
    services.edit_opportunity(world.buyer, opportunity_id, data, version=1, now=world.now)
    with pytest.raises(Stale) as stale:
        services.edit_opportunity(
            world.buyer, opportunity_id, OpportunityData("Pumps", amount=Decimal(9000)), version=1, now=world.now
        )
    assert stale.value.differences == {"amount": ("12000", "9000")}


def test_a_wrong_line_keeps_the_old_sheet(world):
    opportunity_id = an_opportunity(world, lines=2)
    sheet = [LineInput("Valve", None)]
    assert problems_of(
        lambda: services.save_opportunity_lines(world.buyer, opportunity_id, sheet, version=None, now=world.now)
    ) == {("quantity", "required")}
    assert len(queries.opportunity(opportunity_id).lines) == 2


def test_an_opportunity_moves_with_its_chance_and_a_loss_needs_a_reason(world):
    opportunity_id = an_opportunity(world)
    services.move_opportunity(world.buyer, opportunity_id, "proposal", now=world.now)
    assert queries.opportunity(opportunity_id).probability == 50
    assert code_of(lambda: services.move_opportunity(world.buyer, opportunity_id, "lost", now=world.now)) == (
        "reason_needed"
    )
    services.move_opportunity(world.buyer, opportunity_id, "lost", reason="price", now=world.now)
    view = queries.opportunity(opportunity_id)
    assert (view.stage, view.probability, view.stage_reason, view.closed_at) == ("lost", 0, "price", world.now)
    assert code_of(
        lambda: services.move_opportunity(world.buyer, opportunity_id, "won", reason="no", now=world.now)
    ) == ("wrong_state")
    services.move_opportunity(world.buyer, opportunity_id, "lead", reason="they called", now=world.now)
    assert queries.opportunity(opportunity_id).closed_at is None


def test_needs_and_awards_lead_back_to_the_customer(world):
    customer_id = a_customer(world)
    opportunity_id = an_opportunity(world, customer_id)
    values = {"customer_id": customer_id, "project_id": "p1", "reference": "P-2026-0001", "title": "Pumps"}
    services.note_need(world.system, opportunity_id=opportunity_id, now=world.now, **values)
    services.note_need(world.system, opportunity_id=opportunity_id, now=world.now, **values)
    services.note_award(world.system, now=world.later(days=1), **values)
    assert [(one.kind, one.path) for one in queries.links(customer_id)] == [
        ("award", "/projects/p1"),
        ("need", "/projects/p1"),
    ]
    assert [one.kind for one in queries.links_of_opportunity(opportunity_id)] == ["need"]


def test_an_opportunity_of_another_customer_is_not_linked(world):
    opportunity_id = an_opportunity(world)
    with pytest.raises(NotFound):
        services.log_interaction(
            world.buyer, a_customer(world), kind="call", subject="x", opportunity_id=opportunity_id, now=world.now
        )


def test_orders_are_recorded_once_and_summed_by_year(world):
    customer_id = a_customer(world)
    row = OrderRow(customer_id, "SO-1", date(2025, 5, 1), Decimal("1000.50"), "EUR", "Pump", Decimal(2))
    rows = [row, OrderRow(customer_id, "SO-1", date(2025, 5, 1), Decimal(-100), "EUR", line=2)]
    for _ in range(2):
        assert services.record_orders(world.buyer, rows, now=world.now) == 2
    an_order(world, customer_id, 5)
    years = [(one.year, one.currency, one.net, one.orders) for one in queries.order_years(customer_id)]
    assert years == [(2026, "EUR", Decimal(5), 1), (2025, "EUR", Decimal("900.50"), 1)]


def test_an_order_of_a_stranger_is_refused_with_its_row(world, stranger):
    row = OrderRow(a_customer(world), "SO-1", date(2025, 5, 1), Decimal(1), "EUR")
    with pytest.raises(Invalid) as refusal:
        services.record_orders(stranger, [row], now=world.now)
    assert [(p.row, p.code) for p in refusal.value.problems] == [(1, "customer_unknown")]


def test_the_analysis_grades_customers_by_net_order_value_in_one_currency(world):
    big, small, abroad = a_customer(world, "Big"), a_customer(world, "Small"), a_customer(world, "Abroad")
    an_order(world, big, 900)
    an_order(world, small, 100)
    an_order(world, abroad, 5000, currency="USD")
    an_order(world, small, 9000, ordered_on=date(2024, 1, 1))
    lines = queries.abc(world.buyer, "EUR", date(2025, 1, 1))
    assert [(one.customer.name, one.row.value, one.row.grade) for one in lines] == [
        ("Big", Decimal(900), "A"),
        ("Small", Decimal(100), "B"),
    ]
    assert queries.order_currencies(world.buyer) == ["EUR", "USD"]


def test_the_pipeline_says_what_is_not_in_its_sums(world):
    an_opportunity(world)
    an_opportunity(world, amount=None)
    an_opportunity(world, currency="USD")
    lost = an_opportunity(world)
    services.move_opportunity(world.buyer, lost, "lost", reason="price", now=world.now)
    found = queries.pipeline(world.buyer, "EUR")
    assert (found.amount, found.weighted) == (Decimal(10_000), Decimal(1000))
    assert (found.without_amount, found.other_currencies) == (1, 1)


def test_opportunities_are_listed_by_stage_and_text(world):
    customer_id = a_customer(world, "Énergie Alpes")
    an_opportunity(world, customer_id, title="Pumps")
    lost = an_opportunity(world, title="Valves")
    services.move_opportunity(world.buyer, lost, "lost", reason="price", now=world.now)

    def titles(**wanted):
        return [one.opportunity.title for one in queries.opportunities(world.buyer, page=Page(1), **wanted)[0]]

    assert titles() == titles(text="energie") == titles(text="pumps") == titles(stage="lead") == ["Pumps"]
    assert titles(stage="lost") == ["Valves"]
    assert titles(text="nothing") == []


def test_erasing_takes_out_what_is_personal_and_keeps_the_accounts(world):
    customer_id = a_customer(world, "Jean Dupont", city="Lyon", note="likes calls")
    services.add_contact(world.buyer, customer_id, name="Jean", now=world.now)
    services.log_interaction(
        world.buyer, customer_id, kind="call", subject="Jean called", text="private", now=world.now
    )
    an_order(world, customer_id, 100)
    assert code_of(lambda: services.erase_customer(world.buyer, customer_id, reason="", now=world.now)) == (
        "reason_needed"
    )
    services.erase_customer(world.buyer, customer_id, reason="asked by letter", now=world.now)
    view = queries.customer_for(world.buyer, customer_id)
    assert (view.name, view.city, view.note, view.erased_at) == (view.reference, "", "", world.now)
    assert queries.contacts([customer_id]) == {customer_id: []}
    talk = queries.interactions(customer_id)[0]
    assert "Jean" not in talk.subject + talk.text
    assert queries.order_years(customer_id)[0].net == Decimal(100)
    assert code_of(
        lambda: services.edit_customer(world.buyer, customer_id, customer_data("Jean"), version=None, now=world.now)
    ) == ("customer_erased")
