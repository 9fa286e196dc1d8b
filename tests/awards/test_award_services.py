"""Proposing and deciding the award."""

from __future__ import annotations

from decimal import Decimal

import pytest

from srm_portal.awards import queries, services
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.negotiations import services as negotiations
from srm_portal.notifications.queries import notices
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.contracts import a_ranked_project, an_award, propose
from tests.support.factories.offers import opened_event
from tests.support.world import World

D = Decimal


def test_options_are_complete_amounts_cheapest_first(world: World) -> None:
    tender = a_ranked_project(world, prices=[{1: "10", 2: "20"}, {1: "8", 2: None}])
    options = queries.options(tender.project_id)
    assert [one.amount for one in options] == [D("5000.00")], "an offer for a part of the lot is no option"


def test_a_talk_improves_the_standing_amount(world: World) -> None:
    tender = a_ranked_project(world)
    lot = sourcing.lots(tender.project_id)[0].id
    talk = negotiations.plan(
        world.buyer, tender.project_id, tender.suppliers[0], title="t", held_at=world.now, now=world.now
    )
    negotiations.add_move(world.buyer, talk, lot_id=lot, side="supplier", amount=D(4321), now=world.now)
    best = queries.options(tender.project_id)[0]
    assert (best.amount, best.source) == (D("4321.00"), "negotiation")


def test_an_award_before_step_six_is_refused(world: World) -> None:
    tender = opened_event(world)
    with pytest.raises(Refused, match="not_current_step"):
        propose(world, tender.project_id)


def test_every_lot_and_a_reason_are_needed(world: World) -> None:
    tender = a_ranked_project(world)
    with pytest.raises(Invalid) as caught:
        services.propose_award(
            world.buyer,
            tender.project_id,
            {},
            justification="Lowest amount",
            standstill_days=1,
            version=None,
            now=world.now,
        )
    assert caught.value.problems[0].code == "lot_not_awarded"
    with pytest.raises(Invalid):
        propose(world, tender.project_id, justification="ok")


def test_nobody_approves_their_own_proposal(world: World) -> None:
    both = world.person("buyer", "purchasing_manager", limit="1000000")
    tender = a_ranked_project(world)
    world.actors["buyer"] = both
    award_id = propose(world, tender.project_id)
    view = queries.award_by_id(award_id)
    with pytest.raises(Forbidden, match="own_work"):
        services.approve_award(both, award_id, view.sha256, now=world.now)


def test_a_manager_decides_within_their_limit(world: World) -> None:
    tender = a_ranked_project(world)
    award_id = propose(world, tender.project_id)
    view = queries.award_by_id(award_id)
    small = world.person("purchasing_manager", limit=view.value - D("0.01"))
    with pytest.raises(Forbidden, match="above_limit"):
        services.approve_award(small, award_id, view.sha256, now=world.now)
    assert queries.waiting(small) == []
    enough = world.person("purchasing_manager", limit=view.value)
    assert [one.id for one in queries.waiting(enough)] == [award_id]
    services.approve_award(enough, award_id, view.sha256, now=world.now)


def test_an_approval_binds_to_what_was_read(world: World) -> None:
    tender = a_ranked_project(world)
    award_id = propose(world, tender.project_id)
    old = queries.award_by_id(award_id).sha256
    services.return_award(world.manager, award_id, reason="Say more", now=world.now)
    propose(world, tender.project_id, justification="Lowest complete amount, and quality is fine.")
    with pytest.raises(Refused, match="award_changed"):
        services.approve_award(world.manager, award_id, old, now=world.now)


def test_winner_and_losers_are_told(world: World) -> None:
    tender = a_ranked_project(world)
    award_id = an_award(world, tender.project_id)
    winner = queries.award_by_id(award_id).lines[0].supplier_id
    loser = next(one for one in tender.suppliers if one != winner)
    assert any("awarded" in one.text for one in notices(tender.users[winner])[0])
    assert any("Thank you for your offer" in one.text for one in notices(tender.users[loser])[0])


def test_an_award_is_decided_once(world: World) -> None:
    tender = a_ranked_project(world)
    award_id = an_award(world, tender.project_id)
    with pytest.raises(Refused, match="wrong_state"):
        services.approve_award(world.manager, award_id, queries.award_by_id(award_id).sha256, now=world.now)
    with pytest.raises(Refused, match="award_exists"):
        propose(world, tender.project_id)


def test_another_organisation_does_not_find_the_award(world: World) -> None:
    tender = a_ranked_project(world)
    award_id = propose(world, tender.project_id)
    stranger = world.person("purchasing_manager", limit="9999999", organisation_id=world.other_organisation())
    with pytest.raises(NotFound):
        services.approve_award(stranger, award_id, queries.award_by_id(award_id).sha256, now=world.now)
    assert world.client_of(stranger).get(f"/projects/{tender.project_id}/award").status_code == 404


def test_the_award_page_proposes_and_approves(world: World) -> None:
    tender = a_ranked_project(world)
    url, buyer, manager = (
        f"/projects/{tender.project_id}/award",
        world.client_of(world.buyer),
        world.client_of(world.manager),
    )
    assert buyer.get(url).status_code == 200
    lot = sourcing.lots(tender.project_id)[0].id
    data = {f"lot-{lot}": tender.suppliers[0], "justification": "short", "standstill_days": "10"}
    assert buyer.post(url, data=data).status_code == 422
    assert buyer.post(url, data=data | {"justification": "Lowest complete amount."}).status_code == 302
    db.session.rollback()
    award = queries.award(tender.project_id)
    assert award is not None and "Approve the award" in manager.get(url).text
    assert manager.post(f"/awards/{award.id}/approve", data={"sha256": award.sha256}).status_code == 302
