from decimal import Decimal

import pytest

from srm_portal.customers.domain import abc, pipeline
from srm_portal.customers.domain.pipeline import LineInput
from srm_portal.customers.domain.record import CustomerData, problems, tidy
from srm_portal.kernel.errors import Refused


def test_a_record_is_tidied_and_its_gaps_are_named():
    data = tidy(CustomerData(name=" Alpes Pompes ", country="fr", roles=("supplier", "customer", "customer")))
    assert (data.name, data.country, data.roles) == ("Alpes Pompes", "FR", ("customer", "supplier"))
    assert problems(data) == []
    wrong = problems(tidy(CustomerData(name="", country="France", roles=())))
    assert {problem.field for problem in wrong} == {"name", "country", "roles"}
    assert [p.code for p in problems(tidy(CustomerData("A", "FR", roles=("friend",))))] == ["unknown_value"]


def test_open_stages_move_freely_and_closed_ones_only_back():
    assert pipeline.MOVES.move("lead", "negotiation") == "negotiation"
    assert pipeline.MOVES.move("lost", "lead") == "lead"
    with pytest.raises(Refused):
        pipeline.MOVES.move("won", "lost")


def test_every_wrong_cell_is_named_with_its_row():
    lines = [LineInput("Pump", Decimal(3)), LineInput(" ", None), LineInput("Valve", Decimal(0), "BOX", Decimal(-1))]
    found = {(problem.row, problem.field) for problem in pipeline.line_problems(lines)}
    assert found == {(2, "title"), (2, "quantity"), (3, "quantity"), (3, "unit"), (3, "price")}


def test_a_sum_is_given_only_when_every_line_has_its_price():
    assert pipeline.lines_total([(Decimal(3), Decimal("1.5")), (Decimal(1), Decimal(2))]) == Decimal("6.5")
    assert pipeline.lines_total([(Decimal(3), Decimal("1.5")), (Decimal(1), None)]) is None


def test_the_pipeline_weighs_amounts_by_their_chance():
    rows = pipeline.by_stage([("lead", Decimal(1000), 10), ("lead", Decimal(500), 50), ("proposal", Decimal(90), 50)])
    assert [row.stage for row in rows] == ["lead", "qualified", "proposal", "negotiation"]
    assert (rows[0].count, rows[0].amount, rows[0].weighted) == (2, Decimal(1500), Decimal(350))
    assert rows[1].count == 0


def test_the_few_that_make_most_of_the_value_are_a():
    rows = abc.classify({"big": Decimal(70), "middle": Decimal(15), "small": Decimal(10), "tiny": Decimal(5)})
    assert [(row.key, row.grade) for row in rows] == [("big", "A"), ("middle", "A"), ("small", "B"), ("tiny", "C")]
    assert [row.running for row in rows] == [Decimal("0.7"), Decimal("0.85"), Decimal("0.95"), Decimal(1)]


def test_a_single_customer_is_a_and_credit_notes_are_c():
    rows = abc.classify({"only": Decimal(10), "credit": Decimal(-3), "none": Decimal(0)})
    assert [(row.key, row.grade) for row in rows] == [("only", "A"), ("none", "C"), ("credit", "C")]
    assert abc.classify({}) == []
