"""Sourcing projects in each of the six steps, carried there by the same acts that people do."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from werkzeug.datastructures import FileStorage

from srm_portal.awards import queries as award_queries
from srm_portal.awards import services as awards
from srm_portal.awards.domain import desk
from srm_portal.awards.services import scenarios as solving
from srm_portal.bidding_lists import services as bidding
from srm_portal.contracts import queries as contract_queries
from srm_portal.contracts import services as contracts
from srm_portal.contracts.services.paper import contract_pdf
from srm_portal.demonstration import invented
from srm_portal.demonstration.parties import Registry
from srm_portal.demonstration.people import Team
from srm_portal.evaluation import queries as evaluation_queries
from srm_portal.evaluation import services as evaluation
from srm_portal.evaluation.domain.plan import PlanValue
from srm_portal.evaluation.domain.sheet import CriterionValue
from srm_portal.offers import services as offers
from srm_portal.offers.domain.answer import Answer, LineAnswer, Terms
from srm_portal.sourcing import queries as sourcing_queries
from srm_portal.sourcing import services as sourcing
from srm_portal.sourcing.domain.need import LineInput
from srm_portal.sourcing.domain.stages import position


@dataclass
class Story:
    """One project's way: where it starts in time, how far it goes, and who is in it."""

    team: Team
    registry: Registry
    category: str
    start: datetime
    chance: random.Random
    project_id: str = ""
    event_id: str = ""
    suppliers: list[str] = field(default_factory=list)
    promise: dict[str, Any] = field(default_factory=dict)

    def day(self, days: float) -> datetime:
        return self.start + timedelta(days=days)

    @property
    def baseline(self) -> Decimal:
        lines = invented.LINES[self.category]
        return sum((Decimal(quantity) * Decimal(price) for _title, quantity, price in lines), Decimal(0))


def need(
    story: Story, *, customer_id: str | None = None, opportunity_id: str | None = None, submit: bool = True
) -> None:
    title, product, market = invented.NEEDS[story.category]
    team, budget = story.team, (story.baseline * Decimal("1.02")).quantize(Decimal("0.01"))
    year = story.start.year + 1
    story.project_id = sourcing.create_project(
        team["requester"],
        title=f"{title} {year}",
        owner_id=team["buyer"].user_id,
        category=story.category,
        product=product,
        market=market,
        strategic_aim="A second source at a stable price, without losing delivery performance.",
        sector="Machinery",
        region="DE",
        engagement={"90919200": "outsourcing", "72500000": "outsourcing", "31711000": "subcontracting"}.get(
            story.category, "purchase"
        ),
        budget=budget,
        needed_on=story.day(150).date(),
        customer_id=customer_id,
        opportunity_id=opportunity_id,
        customer_price=(story.baseline * Decimal("1.28")).quantize(Decimal("0.01")) if customer_id else None,
        target_margin=Decimal(22) if customer_id else None,
        now=story.start,
    )
    rows = invented.LINES[story.category]
    lines = [
        LineInput(
            lot=1 if number < 2 or len(rows) < 3 else 2,
            title=line,
            quantity=Decimal(quantity),
            unit="C62",
            baseline_price=Decimal(price),
            needed_on=story.day(150).date(),
        )
        for number, (line, quantity, price) in enumerate(rows)
    ]
    sourcing.save_lines(team["requester"], story.project_id, lines, version=None, now=story.day(0.1))
    if submit:
        sourcing.submit_need(team["requester"], story.project_id, now=story.day(0.2))


def approve(story: Story) -> None:
    sourcing.approve_need(story.team["manager"], story.project_id, now=story.day(1))


def candidates(story: Story, count: int = 5) -> None:
    story.suppliers = story.registry.by_category[story.category][:count]
    for supplier_id in story.suppliers:
        bidding.add_candidate(story.team["buyer"], story.project_id, supplier_id, now=story.day(2))


def shortlist(story: Story) -> None:
    buyer = story.team["buyer"]
    sourcing.pass_stage(buyer, story.project_id, "potential", now=story.day(2.5))
    for supplier_id in story.suppliers:
        bidding.shortlist(buyer, story.project_id, supplier_id, now=story.day(3))


def criteria(story: Story) -> None:
    buyer, total = story.team["buyer"], story.baseline
    sourcing.pass_stage(buyer, story.project_id, "bidding_list", now=story.day(3.5))
    ceiling = (total * Decimal("1.15")).quantize(Decimal("0.01"))
    floor = (total * Decimal("0.70")).quantize(Decimal("0.01"))
    values = [
        CriterionValue("", "Total cost", "price", Decimal(50), "Commercial", worst=ceiling, best=floor),
        CriterionValue(
            "",
            "Lead time",
            "lead_time",
            Decimal(10),
            "Commercial",
            worst=Decimal(60),
            best=Decimal(15),
            formula="exponential",
            bend=Decimal("0.02"),
        ),
        CriterionValue(
            "",
            "Samples ready by",
            "date",
            Decimal(5),
            "Commercial",
            worst=Decimal(story.day(70).toordinal()),
            best=Decimal(story.day(30).toordinal()),
        ),
        CriterionValue("", "Quality system", "points", Decimal(20), "Technical / Quality", minimum=Decimal(1)),
        CriterionValue("", "Technical fit", "points", Decimal(10), "Technical"),
        CriterionValue("", "ISO 9001 certified", "yes_no", Decimal(5), "Technical", must=True),
    ]
    asked = {3: "How do you find and cure defects? Name your standards.", 4: "How do you meet the drawing?"}
    evaluation.save_criteria(buyer, story.project_id, values, asked, complete=True, now=story.day(4))
    plan = PlanValue(group_minimums={"Technical": Decimal(20)})
    evaluation.save_plan(buyer, story.project_id, plan, now=story.day(4))
    pairs = {"matrix": [["1", "2", "4"], ["1/2", "1", "2"], ["1/4", "1/2", "1"]]}
    evaluation.find_weights(buyer, story.project_id, "Technical", "ahp", pairs, use=False, now=story.day(4))
    team = [story.team["evaluator"].user_id, story.team["evaluator2"].user_id]
    evaluation.assign_evaluators(buyer, story.project_id, team, now=story.day(4))
    if story.promise:
        awards.save_promise(buyer, story.project_id, story.promise, version=None, now=story.day(4.2))


RATES = {"CHF": "1.05", "USD": "0.88"}
"""What one unit is in euro, where offers in other currencies are taken."""


def event(story: Story, *, answer_days: float = 12) -> None:
    story.event_id = sourcing.create_event(
        story.team["buyer"],
        story.project_id,
        "rfq",
        deadline_at=story.day(5 + answer_days),
        questions_until=story.day(5 + answer_days / 2),
        payment_days=60,
        validity_days=90,
        instructions="Quote every line, delivered at place, without tax.",
        terms="Offers bind for the stated time. Prices are without tax.",
        rates=[
            {"currency": code, "rate": rate, "on": story.day(4).date().isoformat(), "source": "European Central Bank"}
            for code, rate in RATES.items()
        ],
        now=story.day(4.5),
    )


def publish(story: Story) -> None:
    bidding.publish_event(story.team["buyer"], story.event_id, now=story.day(5))


def answer(story: Story, *, count: int | None = None, at: float = 9) -> None:
    """The invited accept and offer; each has its own price level and lead time."""
    view = sourcing_queries.event(story.event_id)
    lines = sourcing_queries.lines(story.project_id)
    assert view.publication is not None
    items = view.publication["criteria"]["items"]
    for place, supplier_id in enumerate(story.suppliers[:count]):
        user = story.registry.users[supplier_id]
        bidding.accept_invitation(user, story.event_id, now=story.day(6 + place * 0.1))
        level = Decimal(str(round(story.chance.uniform(0.86, 1.06), 3)))
        quoted = []
        for line in lines:
            price = (
                (line.baseline_price or Decimal(1)) * level * Decimal(str(round(story.chance.uniform(0.95, 1.05), 3)))
            )
            if place == 2:
                price /= Decimal(RATES["CHF"])
            skipped = place == 3 and line.number == len(lines) and len(lines) > 2
            quoted.append(
                LineAnswer(
                    line.id,
                    None if skipped else price.quantize(Decimal("0.01")),
                    20 + 5 * ((place * 3 + line.number) % 7),
                    deviation="Alternative material, equal strength" if place == 1 and line.number == 2 else "",
                    not_quoted=skipped,
                    **_beside(place, line, price),
                )
            )
        terms = Terms(
            payment_days=(60, 45, 60, 30, 60)[place % 5], validity_on=story.day(130).date(),
            delivery="Delivered at place", currency="CHF" if place == 2 else "", **_costs(story, place),
        )  # fmt: skip
        given = Answer(tuple(quoted), terms, _said(story, items, place))
        moment = story.day(at + place * 0.2)
        offers.save_draft(user, story.event_id, given, version=None, now=moment)
        offers.submit_offer(user, story.event_id, now=moment + timedelta(minutes=20))


def _beside(place: int, line: sourcing_queries.LineView, price: Decimal) -> dict[str, Any]:
    """One supplier has quantity breaks, one an alternative product."""
    if place == 0 and line.number == 1:
        steps = ((2, "0.97"), (5, "0.94"))
        return {
            "breaks": tuple((line.quantity * times, (price * Decimal(part)).quantize(Decimal("0.01")))
                            for times, part in steps)
        }  # fmt: skip
    if place == 2 and line.number == 2:
        return {"alternative": "Recycled material, same drawing", "alternative_price": price.quantize(Decimal("0.01"))}
    return {}


def _costs(story: Story, place: int) -> dict[str, Decimal]:
    """Freight differs; who delivers from abroad pays duties, and one asks for a tool."""
    freight = (story.baseline * (1 + place) / 200).quantize(Decimal(1))
    more = {2: {"duties": freight}, 3: {"one_off": Decimal(1800)}}.get(place, {})
    return {"freight": freight} | more


def _said(story: Story, items: list[dict[str, Any]], place: int) -> dict[str, str]:
    """One supplier's answers to what is asked."""
    answers = {
        "yes_no": "yes",
        "date": story.day(32 + 8 * place).date().isoformat(),
        "points": invented.QUALITY_ANSWERS[place % len(invented.QUALITY_ANSWERS)],
    }
    return {one["id"]: answers[one["kind"]] for one in items if one["kind"] in answers}


def evaluate(story: Story, *, at: float = 18, finish: bool = True) -> None:
    """Open after the deadline; both evaluators mark; with `finish` the ranking is run and a recommendation given."""
    buyer = story.team["buyer"]
    offers.open_offers(buyer, story.event_id, now=story.day(at))
    shown = sourcing_queries.event(story.event_id)
    offers.note_sight(buyer, shown, "prices", now=story.day(at + 0.1))
    offers.note_sight(story.team["manager"], shown, "export", now=story.day(at + 0.3))
    manual = [one.value for one in evaluation_queries.criteria(story.project_id) if one.value.manual]
    opened = evaluation_queries.offer_facts(story.project_id)
    for name in ("evaluator", "evaluator2") if finish else ("evaluator",):
        person = story.team[name]
        evaluation.declare(person, story.project_id, conflict="", now=story.day(at + 0.5))
        for criterion in manual:
            for offer in opened:
                points = Decimal(story.chance.choice(("2.5", "3", "3.5", "4", "4.5")))
                evaluation.save_mark(
                    person, story.project_id, criterion.id, offer.supplier_id, points=points,
                    comment="Audit report seen." if points > 4 else "", now=story.day(at + 1),
                )  # fmt: skip
        evaluation.submit_scorecard(person, story.project_id, now=story.day(at + 1.2))
    if not finish:
        return
    agreed = "Agreed after looking at the audit report together."
    evaluation.set_consensus(
        buyer, story.project_id, manual[0].id, opened[0].supplier_id, points=Decimal(4), reason=agreed,
        now=story.day(at + 1.5),
    )  # fmt: skip
    evaluation.lock_technical(buyer, story.project_id, now=story.day(at + 1.6))
    evaluation.run_ranking(buyer, story.project_id, now=story.day(at + 2))
    ranking = evaluation_queries.ranking(story.project_id)
    assert ranking is not None
    text = "First by the published criteria, with a complete offer and a sound quality system."
    evaluation.recommend(buyer, story.project_id, ranking.rows[0].supplier_id, text, now=story.day(at + 2.2))
    sourcing.pass_stage(buyer, story.project_id, "selection", now=story.day(at + 2.5))


def scenarios(story: Story, *, at: float = 21) -> None:
    """The promised rule, one source, and a split between two suppliers; one is moved by hand."""
    buyer, project_id = story.team["buyer"], story.project_id
    groups = {one: {"groups": ["local"]} for one in story.suppliers[:2]}
    known = {"suppliers": groups, "lots": {"1": {"incumbent": story.suppliers[1]}}, "switching_cost_rate": "0.01"}
    awards.save_known(buyer, project_id, known, version=None, now=story.day(at))
    asked: list[tuple[str, dict[str, Any]]] = [
        ("One source", {"kind": "best_of", "suppliers": 1}),
        ("Incumbent stays", {"kind": "incumbents"}),
        ("A fifth stays local", {"kind": "cheapest", "constraints": [{"kind": "min_share", "group": "local", "value": "0.2"}]}),
        ("Price 60, quality 40", {"kind": "best_score", "price_weight": "60", "quality_weight": "40"}),
    ]  # fmt: skip
    made = [awards.create_promised(buyer, project_id, "The promised rule", now=story.day(at))] if story.promise else []
    for name, one in asked:
        full = {"constraints": [], "seconds": 10} | one
        made.append(awards.create_scenario(buyer, project_id, name, full, now=story.day(at)))
    for scenario_id in made:
        waiting = solving.to_solve(scenario_id)
        assert waiting is not None
        solving.finish(scenario_id, list(desk.work({"document": waiting[1]})), "", now=story.day(at + 0.1))


def award(story: Story, *, at: float = 24, approve_it: bool = True) -> None:
    buyer = story.team["buyer"]
    choice: dict[str, str] = {}
    for option in award_queries.options(story.project_id):
        choice.setdefault(option.lot_id, option.supplier_id)
    award_id = awards.propose_award(
        buyer,
        story.project_id,
        choice,
        justification="Lowest complete amount for each lot; quality and lead time within what was asked.",
        standstill_days=10,
        version=None,
        now=story.day(at),
    )
    if approve_it:
        view = award_queries.award_by_id(award_id)
        awards.approve_award(story.team["manager"], award_id, view.sha256, now=story.day(at + 1))
        for supplier_id in award_queries.award_by_id(award_id).suppliers:
            contracts.draft_from_award(buyer, award_id, supplier_id, now=story.day(at + 1.1))


def report(story: Story, *, at: float = 26) -> None:
    awards.make_report(story.team["buyer"], story.project_id, now=story.day(at))


def contract(story: Story, *, at: float = 27, upto: str = "active") -> None:
    """Each winner's contract: in_approval, approved or active."""
    buyer = story.team["buyer"]
    for view in contract_queries.for_project(story.project_id):
        contracts.submit_for_approval(buyer, view.id, now=story.day(at))
        if upto == "in_approval":
            continue
        for manager in ("manager2", "manager"):
            if contract_queries.contract(view.id).state == "in_approval":
                text = contract_queries.current_version(view.id)
                contracts.approve(story.team[manager], view.id, text.sha256, now=story.day(at + 1))
        if upto == "active":
            held = contract_queries.contract(view.id)
            paper = FileStorage(BytesIO(contract_pdf(held)), filename=f"{held.reference}-signed.pdf")
            signed = story.day(at + 12)
            code = contract_queries.current_version(view.id).sha256[:12]
            contracts.mark_signed(buyer, view.id, signed_on=signed.date(), upload=paper, code=code, now=signed)


def carry(story: Story, upto: str, *, customer: tuple[str, str] | None = None, answer_days: float = 12) -> None:
    """From the need to the step named (`contract` ends with a recommendation, before any award)."""
    customer_id, opportunity_id = customer or (None, None)
    need(story, customer_id=customer_id, opportunity_id=opportunity_id)
    if position(upto) > position("need"):
        approve(story)
        candidates(story)
    if position(upto) > position("potential"):
        shortlist(story)
    if position(upto) > position("bidding_list"):
        criteria(story)
        event(story, answer_days=answer_days)
    if position(upto) > position("criteria"):
        publish(story)
    if position(upto) > position("selection"):
        answer(story)
        evaluate(story, at=5 + answer_days + 1)
