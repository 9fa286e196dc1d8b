"""Projects carried to step 6: ranked, negotiated, awarded, drafted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from srm_portal.awards import queries as award_queries
from srm_portal.awards import services as awards
from srm_portal.contracts import queries, services
from srm_portal.evaluation import queries as evaluation_queries
from srm_portal.evaluation import services as evaluation
from srm_portal.sourcing import services as sourcing
from tests.support.factories.offers import Tender, opened_event
from tests.support.world import World

PRICES: list[Mapping[int, Any]] = [{1: "10", 2: "20"}, {1: "8", 2: "25"}]


def a_ranked_project(world: World, **values: Any) -> Tender:
    """At step 6: offers opened, ranked by automatic criteria, recommended."""
    tender = opened_event(world, prices=values.pop("prices", PRICES), **values)
    evaluation.run_ranking(world.buyer, tender.project_id, now=world.now)
    ranking = evaluation_queries.ranking(tender.project_id)
    assert ranking is not None
    first = ranking.rows[0].supplier_id
    evaluation.recommend(world.buyer, tender.project_id, first, "First by the published criteria.", now=world.now)
    sourcing.pass_stage(world.buyer, tender.project_id, "selection", now=world.now)
    return tender


def propose(world: World, project_id: str, **values: Any) -> str:
    """Propose the lowest amount of each lot; returns the award's id."""
    choice: dict[str, str] = {}
    for option in award_queries.options(project_id):
        choice.setdefault(option.lot_id, option.supplier_id)
    given = {"justification": "Lowest complete amount.", "standstill_days": 10, "version": None} | values
    return awards.propose_award(world.buyer, project_id, choice, now=world.now, **given)


def an_award(world: World, project_id: str) -> str:
    """Proposed and approved."""
    award_id = propose(world, project_id)
    awards.approve_award(world.manager, award_id, award_queries.award_by_id(award_id).sha256, now=world.now)
    return award_id


def a_drafted_contract(world: World, **values: Any) -> str:
    """The contract that the award's job drafts; returns its id."""
    tender = a_ranked_project(world, **values)
    an_award(world, tender.project_id)
    world.run_jobs()
    return queries.for_project(tender.project_id)[0].id


def a_contract_in_approval(world: World, **values: Any) -> str:
    contract_id = a_drafted_contract(world, **values)
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    return contract_id


def a_contract_by_hand(world: World, supplier_id: str, value: str = "50000") -> str:
    today = world.now.date()
    return services.draft_for_supplier(
        world.buyer,
        supplier_id,
        title="Calibration",
        kind="purchase",
        value=Decimal(value),
        starts_on=today,
        ends_on=today.replace(year=today.year + 1),
        now=world.now,
    )
