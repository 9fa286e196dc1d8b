"""A withdrawn invitation ends a company's part in the event's auctions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from srm_portal.app.auctions import invitation_withdrawn
from srm_portal.auctions import queries, services, sockets, store
from srm_portal.auctions.domain.rules_writing import rules_sha256
from srm_portal.auctions.services.settings import Settings
from srm_portal.bidding_lists import queries as lists
from srm_portal.bidding_lists import services as bidding
from srm_portal.infra.jobs import Work
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.auctions import LiveAuction, a_live_auction, bid
from tests.support.factories.offers import Tender, a_tender
from tests.support.world import World


def an_auction_of_a_tender(world: World) -> tuple[Tender, LiveAuction]:
    tender = a_tender(world, suppliers=3)
    event = sourcing.main_event(tender.project_id)
    assert event is not None and event.id == tender.event_id
    given = Settings(opens_at=world.now + timedelta(seconds=60), minutes=30, override_reason="few can make it")
    auction_id = services.create_auction(
        world.buyer, tender.project_id, given, now=world.now, supplier_ids=tender.suppliers
    )
    services.publish_auction(world.buyer, auction_id, now=world.now)
    people = tuple(tender.users[each] for each in tender.suppliers)
    for person in people:
        services.accept_terms(
            person, auction_id, sha256=rules_sha256(store.live(auction_id).state.rules), now=world.now
        )
    world.later(seconds=61)
    services.keep_time(world.now)
    return tender, LiveAuction(auction_id, tender.project_id, people)


def test_a_withdrawn_invitation_closes_the_auction_to_that_company_alone(world: World) -> None:
    tender, auction = an_auction_of_a_tender(world)
    bid(world, auction, 0, "1000")
    joined = sockets._join(auction.bidders[0], {"auction": auction.id}, world.now)
    assert f"event:{tender.event_id}:{tender.suppliers[0]}" in joined.scopes, (
        "the withdrawal ends sockets of this scope"
    )
    row = next(one for one in lists.invited(tender.event_id) if one.supplier_id == tender.suppliers[0])
    bidding.withdraw_invitation(world.buyer, row.id, "left the market", now=world.now)
    world.run_jobs()
    with pytest.raises(NotFound):
        bid(world, auction, 0, "900", key="after")
    with pytest.raises(NotFound):
        queries.seat(auction.bidders[0], auction.id)
    with pytest.raises(NotFound):
        sockets._join(auction.bidders[0], {"auction": auction.id}, world.now)
    assert world.client_of(auction.bidders[0]).get(f"/s/auctions/{auction.id}").status_code == 404
    bid(world, auction, 1, "990")
    assert store.live(auction.id).state.bidders["A"].blocked


def test_it_is_told_twice_and_happens_once(world: World) -> None:
    tender, auction = an_auction_of_a_tender(world)
    work = Work("job", {"event": tender.event_id, "supplier": tender.suppliers[0]}, world.now)
    invitation_withdrawn(work)
    before = store.live(auction.id).seq
    invitation_withdrawn(work)
    assert store.live(auction.id).seq == before
    assert store.first_broken(auction.id) is None


def test_without_a_withdrawal_the_company_stays(world: World) -> None:
    auction = a_live_auction(world)
    assert services.withdraw_participant("", auction.supplier_ids[0], now=world.now) == 0
    bid(world, auction, 0, "1000")
    with pytest.raises(Refused):
        bid(world, auction, 0, "1001", key="worse")
