"""Projects that went their way in the portal, as far along as an export test wants them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from srm_portal.awards import queries as award_queries
from srm_portal.awards import services as awards
from srm_portal.bidding_lists import services as bidding
from srm_portal.contracts import queries as contract_queries
from srm_portal.contracts import services as contracts
from srm_portal.evaluation import queries as evaluation_queries
from srm_portal.evaluation import services as evaluation
from srm_portal.evaluation.domain.assembly import CriterionValue
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import services as offers
from srm_portal.sourcing import queries as sourcing_queries
from srm_portal.sourcing import services as sourcing
from tests.support.factories.bidding_lists import a_published_event, a_shortlist
from tests.support.factories.offers import a_submitted_offer
from tests.support.factories.sourcing import COMPLETE, an_event
from tests.support.factories.suppliers import CASTINGS
from tests.support.world import World

PRICES = ({1: "10", 2: "20"}, {1: "8", 2: "25"}, {1: "12", 2: "22"})


@dataclass(frozen=True, slots=True)
class Story:
    project_id: str
    event_id: str
    bidders: dict[str, Actor]


def _criteria(world: World, project_id: str) -> None:
    values = [
        CriterionValue("", "Price", "price", Decimal(60), worst=Decimal(9000), best=Decimal(500)),
        CriterionValue("", "ISO 9001", "yes_no", Decimal(40), must=True),
    ]
    evaluation.save_criteria(world.buyer, project_id, values, {}, complete=True, now=world.now)


def a_published_story(world: World, lots: int = 1) -> Story:
    """Criteria published, three bidders accepted, one question answered to everybody and one to its asker."""

    until = world.now + timedelta(days=3)
    project_id, event_id, bidders = a_published_event(
        world,
        prepare=lambda project_id: _criteria(world, project_id),
        lots=lots,
        title="Machined brackets",
        questions_until=until,
    )
    for number, actor in enumerate(list(bidders.values())[:2]):
        question_id = sourcing.ask_question(actor, event_id, f"Which steel, number {number}?", now=world.now)
        sourcing.answer_question(world.buyer, question_id, "316L", to_all=number == 0, now=world.now)
    return Story(project_id, event_id, bidders)


def carried_on(world: World, project_id: str) -> Story:
    """An imported need, completed and carried through the portal's own steps to the publication."""
    sourcing.edit_need(world.buyer, project_id, version=None, now=world.now, **(COMPLETE | {"category": CASTINGS}))
    sourcing.submit_need(world.buyer, project_id, now=world.now)
    sourcing.approve_need(world.manager, project_id, now=world.now)
    bidders = a_shortlist(world, project_id)
    for stage in ("potential", "bidding_list"):
        sourcing.pass_stage(world.buyer, project_id, stage, now=world.now)
    _criteria(world, project_id)
    event_id = an_event(world, project_id)
    bidding.publish_event(world.buyer, event_id, now=world.now)
    for actor in bidders.values():
        bidding.accept_invitation(actor, event_id, now=world.now)
    return Story(project_id, event_id, bidders)


def with_offers(world: World, story: Story) -> None:
    iso = next(one.value.id for one in evaluation_queries.criteria(story.project_id) if one.value.must)
    answers = ("yes", "yes", "no")
    for actor, prices, answer in zip(story.bidders.values(), PRICES, answers, strict=True):
        a_submitted_offer(world, actor, story.event_id, prices, questions={iso: answer})


def opened(world: World, story: Story) -> None:
    deadline = sourcing_queries.event(story.event_id).deadline_at
    assert deadline is not None
    world.clock.set(deadline)
    offers.open_offers(world.buyer, story.event_id, now=world.now)


def decided(world: World, story: Story) -> None:
    """Ranked, recommended, the cheapest of each lot awarded, contracts approved: finished."""
    evaluation.run_ranking(world.buyer, story.project_id, now=world.now)
    ranking = evaluation_queries.ranking(story.project_id)
    assert ranking is not None
    text = "First by the published criteria, with a complete offer."
    evaluation.recommend(world.buyer, story.project_id, ranking.rows[0].supplier_id, text, now=world.now)
    sourcing.pass_stage(world.buyer, story.project_id, "selection", now=world.now)
    choice: dict[str, str] = {}
    for option in award_queries.options(story.project_id):
        choice.setdefault(option.lot_id, option.supplier_id)
    award_id = awards.propose_award(
        world.buyer, story.project_id, choice, justification="Lowest complete amount for each lot.",
        standstill_days=0, version=None, now=world.now,
    )  # fmt: skip
    view = award_queries.award_by_id(award_id)
    awards.approve_award(world.manager, award_id, view.sha256, now=world.now)
    for supplier_id in view.suppliers:
        contracts.draft_from_award(world.buyer, award_id, supplier_id, now=world.now)
    for contract in contract_queries.for_project(story.project_id):
        contracts.submit_for_approval(world.buyer, contract.id, now=world.now)
        text_version = contract_queries.current_version(contract.id)
        contracts.approve(world.manager, contract.id, text_version.sha256, now=world.now)


def a_finished_story(world: World, lots: int = 1) -> Story:
    story = a_published_story(world, lots)
    with_offers(world, story)
    opened(world, story)
    decided(world, story)
    return story
