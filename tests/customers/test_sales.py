"""Facts of sales, complaints that reach their supplier, consent, and the figures counted from order lines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from srm_portal.awards import queries as awards
from srm_portal.customers import queries, services
from srm_portal.customers.domain import sales
from srm_portal.customers.domain.funnel import Course, funnel, promoters
from srm_portal.customers.domain.sales import Lines
from srm_portal.customers.queries.analysis import Analysis, month_starts
from srm_portal.customers.services import ContractRow, QuoteRow
from srm_portal.kernel.errors import Invalid
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers.domain.performance import quarter_of
from srm_portal.suppliers.queries import standing
from tests.support.factories.contracts import a_ranked_project, an_award
from tests.support.factories.customers import a_customer, an_opportunity, an_order
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World

DAY = date(2026, 2, 1)


def columns(*rows: tuple[int, int, int, int, int]) -> Lines:
    """(customer, product, order, day, net) rows."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    who, what = (int(table[:, at].max()) + 1 if len(table) else 0 for at in (0, 1))
    return Lines(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4], who, what)


def test_sums_are_exact_where_floats_would_not_be() -> None:
    big = 9_007_199_254_740_993
    found = sales.totals(columns((0, 0, 0, 1, big), (1, 0, 1, 1, 5), (0, 0, 2, 1, 1), (1, 0, 3, 1, -7)))
    assert found.tolist() == [big + 1, -2]


def test_variation_counts_empty_periods_and_says_nothing_of_too_few() -> None:
    rows = [(0, 0, month, month, 10) for month in range(6)] + [(1, 0, 9, 0, 60)]
    values = sales.by_period(columns(*rows), np.arange(6, dtype=np.int64))
    assert values.tolist() == [[10] * 6, [60, 0, 0, 0, 0, 0]]
    assert sales.xyz(sales.variation(values)) == ["X", "Z"]
    assert sales.xyz(sales.variation(values[:, :5])) == ["", ""]
    assert sales.xyz(sales.variation(-values)) == ["", ""]


def test_rfm_gives_equal_values_equal_scores_and_inverts_recency() -> None:
    rows = [(one, 0, one, 100 + one, 10 * (one + 1)) for one in range(30)]
    scored = sales.rfm(columns(*rows), 200)
    assert (scored.recency[0], scored.recency[29], scored.monetary[29]) == (1, 5, 5)
    assert set(scored.frequency.tolist()) == {1}, "everybody ordered once"
    few = sales.rfm(columns(*rows[:3]), 200)
    assert sorted(few.recency.tolist()) == [1, 3, 5], "three steps below 25 customers"
    nobody = sales.rfm(columns(), 200)
    assert nobody.recency.tolist() == []


def test_potential_is_what_the_segment_buys_and_this_customer_does_not() -> None:
    rows = [(one, 0, one, 1, 100) for one in range(4)] + [(one, 1, 9 + one, 1, 40 * (one + 1)) for one in range(3)]
    lines, segment = columns(*rows), np.zeros(4, dtype=np.int64)
    pairs = sales.bought(lines)
    possible = sales.potentials(pairs, segment, 1, 2)
    assert possible.tolist() == [[100, 60]], "3 of 4 buy it, their median is 80"
    assert sales.potential(pairs, segment, possible).tolist() == [0, 0, 0, 60]
    assert sales.breadth(pairs, 4).tolist() == [2, 2, 2, 1]
    assert sales.potentials(sales.bought(columns()), segment[:0], 1, 1).tolist() == [[0]]


def test_retention_counts_who_came_back_and_who_is_new() -> None:
    lines = columns((0, 0, 0, 1, 5), (0, 0, 1, 11, 5), (1, 0, 2, 2, 5), (2, 0, 3, 12, 5), (1, 0, 4, 13, -5))
    (kept,) = sales.retention(sales.ordered_in(lines, np.array([0, 10])))
    assert (kept.before, kept.again, kept.new) == (2, 1, 1)


def at(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def test_the_funnel_passes_skipped_stages_and_counts_each_once() -> None:
    courses = [
        Course("won", (("lead", at(1)), ("proposal", at(5)), ("won", at(11)))),
        Course("lost", (("lead", at(1)), ("qualified", at(3)), ("lost", at(4)))),
        Course("lead", (("lead", at(1)), ("qualified", at(2)), ("lead", at(6)))),
        Course("lead", (("lead", at(1)),)),
    ]
    found = funnel(courses)
    assert [one.entered for one in found.stages] == [4, 3, 1, 1, 1]
    assert found.stages[0].conversion == 0.75
    assert (found.stages[0].days, found.stages[0].waiting) == (2, 2)
    assert (found.win_rate, found.overall, found.cycle_days) == (0.5, 0.25, 10)
    nothing = funnel([])
    assert (nothing.win_rate, nothing.overall, nothing.stages[0].conversion) == (None, None, None)


def test_the_net_promoter_score() -> None:
    assert promoters([10, 9, 8, 7, 6, 0]).score == 0
    assert promoters([9]).score == 100
    assert promoters([]).score is None


def test_months_are_whole() -> None:
    assert month_starts(date(2025, 11, 15), date(2026, 2, 3)) == [date(2025, 12, 1), date(2026, 1, 1)]
    assert month_starts(date(2025, 12, 1), date(2025, 12, 31)) == []


def test_the_analysis_reads_the_database_exactly(world: World) -> None:
    acme, bolt = a_customer(world, "Acme", segment="Key"), a_customer(world, "Bolt", segment="Key")
    for number, net in enumerate(("0.10", "0.20", "-0.05")):
        an_order(world, acme, Decimal(net), number=f"A-{number}", product=f"P-{number}")
    an_order(world, bolt, 5, ordered_on=date(2020, 1, 1))
    an_order(world, bolt, 7, currency="USD")
    found = Analysis(world.buyer, "EUR", date(2025, 3, 2), world.now.date())
    (row,) = found.rows(10)
    assert (row.customer.name, row.abc.value, row.orders, row.products) == ("Acme", Decimal("0.25"), 3, 2)
    foreign = world.person("buyer", organisation_id=world.other_organisation())
    assert Analysis(foreign, "EUR", date(2025, 3, 2), world.now.date()).rows(10) == []


def test_quotes_and_contracts_are_kept_once_by_number_and_wrong_rows_named(world: World) -> None:
    acme = a_customer(world, "Acme")
    for net in (1, 2):
        services.record_quotes(world.buyer, [QuoteRow(acme, "Q-1", DAY, Decimal(net), "EUR")], now=world.now)
    assert [one.net for one in queries.quotes_of(acme)] == [2]
    ends = date(2026, 12, 31)
    services.record_contracts(world.buyer, [ContractRow(acme, "K-1", "Frame", DAY, "EUR", ends, 30)], now=world.now)
    (kept,) = queries.sale_contracts_of(acme)
    assert kept.notice_on == ends - timedelta(days=30)
    assert len(queries.sale_contracts_ending(world.buyer, ends, DAY)) == 1
    wrong = [QuoteRow("absent", "", DAY, Decimal(-1), "EURO", state="maybe", valid_until_on=date(2020, 1, 1))]
    with pytest.raises(Invalid) as refused:
        services.record_quotes(world.buyer, wrong, now=world.now)
    fields = {one.field for one in refused.value.problems}
    assert fields == {"customer_id", "number", "currency", "state", "net", "valid_until_on"}


def test_a_consent_is_kept_with_how_we_know_and_goes_with_the_person(world: World) -> None:
    acme = a_customer(world, "Acme")
    ann = services.add_contact(world.buyer, acme, name="Ann", now=world.now)
    for consent, note in (("maybe", "x"), ("given", "")):
        with pytest.raises(Invalid):
            services.set_consent(world.buyer, ann, consent, note=note, now=world.now)
    services.set_consent(world.buyer, ann, "given", note="Fair in May", now=world.now)
    assert queries.contact_for(world.buyer, ann).consent_note == "Fair in May"
    services.record_satisfaction(world.buyer, acme, score=3, said_on=DAY, comment="Ann is cross", now=world.now)
    services.erase_customer(world.buyer, acme, reason="asked", now=world.now)
    assert queries.contacts([acme])[acme] == []
    assert [(one.score, one.comment) for one in queries.satisfaction_of(acme)] == [(3, "")]


def test_a_complaint_about_what_was_awarded_reaches_the_suppliers_scorecard(world: World) -> None:
    acme, other = a_customer(world, "Acme"), a_supplier(world, "Foundry")
    wish = an_opportunity(world, acme)
    project = a_ranked_project(world, need={"customer_id": acme, "opportunity_id": wish}).project_id

    def complain(supplier_id: str) -> None:
        services.log_interaction(
            world.buyer,
            acme,
            kind="complaint",
            subject="Porous",
            supplier_id=supplier_id,
            project_id=project,
            now=world.now,
        )

    winner = awards.options(project)[0].supplier_id
    with pytest.raises(Invalid):
        complain(winner)
    an_award(world, project)
    with pytest.raises(Invalid):
        complain(other)
    form = world.client_of(world.buyer).get(f"/customers/{acme}/talks/new?kind=complaint")
    assert sourcing.project(project).reference in form.text
    complain(winner)
    (found,) = queries.complaints_about(world.organisation_id, winner)
    assert (found.subject, found.customer, found.resolved_at) == ("Porous", "Acme", None)
    assert "Porous" in world.client_of(world.buyer).get(f"/suppliers/{winner}/business").text
    today = world.now.date()
    card = standing.scorecard_of(world.organisation_id, winner, quarter_of(today), today)
    (measure,) = [one for one in card.measures if one.code == "customers_complained"]
    assert (measure.dimension, measure.mark) == ("quality", 80)
    assert queries.complaints_about(world.other_organisation(), winner) == []


def test_the_sales_page_shows_and_takes_facts(world: World) -> None:
    acme = a_customer(world, "Acme")
    ann = services.add_contact(world.buyer, acme, name="Ann", now=world.now)
    an_order(world, acme, 120, number="SO-7", product="Pump", quantity=Decimal(2))
    an_opportunity(world, acme)
    page = world.client_of(world.buyer)
    quote = {"number": "Q-1", "quoted_on": "2026-02-01", "net": "10", "currency": "EUR", "state": "open"}
    sale = {"number": "K-1", "title": "Frame", "starts_on": "2026-02-01", "currency": "EUR"}
    for address, values in (
        (f"/customers/{acme}/quotes/new", quote),
        (f"/customers/{acme}/sale-contracts/new", sale),
        (f"/customers/{acme}/satisfaction/new", {"score": "9", "said_on": "2026-02-01"}),
        (f"/customers/contacts/{ann}/consent", {"consent": "given", "note": "asked by mail"}),
    ):
        assert page.get(address).status_code == 200
        assert page.post(address, data={}).status_code == 422
        assert page.post(address, data=values).status_code == 302, address
    shown = page.get(f"/customers/{acme}/sales").text
    assert all(text in shown for text in ("SO-7", "Q-1", "Frame", "9/10", "asked by mail", "Start a need"))
    made = page.post("/orders/need", data={"number": "SO-7"})
    assert "/edit" in made.headers["Location"] or "/projects/" in made.headers["Location"]
    assert page.post("/orders/need", data={"number": "absent"}).status_code in (302, 404)
