"""Words on screens: who paused, why the portal acted, the sum over all lots, selling, and who may only look."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from srm_portal.auctions import queries, services, store
from srm_portal.auctions.services.settings import Settings
from srm_portal.kernel.errors import Invalid, Refused
from tests.support.factories.auctions import LiveAuction, a_draft_auction, a_live_auction, bid, time_passes
from tests.support.world import World


def room_of(world: World, auction: LiveAuction, place: int) -> str:
    return world.client_of(auction.bidders[place]).get(f"/s/auctions/{auction.id}").text


def test_an_interruption_is_told_as_the_portals_pause_and_a_buyers_pause_as_the_buyers(world: World) -> None:
    auction = a_live_auction(world, 3)
    services.keep_time(world.now)
    world.later(seconds=60)
    services.keep_time(world.now)
    assert "The portal paused the auction after an interruption." in room_of(world, auction, 0)
    cockpit = world.client_of(world.buyer).get(f"/auctions/{auction.id}").text
    assert "The portal was away" in cockpit and ">outage<" not in cockpit
    services.resume(world.buyer, auction.id, now=world.now)
    services.pause(world.buyer, auction.id, reason="a question", now=world.now)
    assert "The buyer has paused the auction." in room_of(world, auction, 0)
    view = queries.snapshot(store.live(auction.id), "A", world.now)
    assert (view["state"], view["paused_by"]) == ("paused", "buyer")
    services.resume(world.buyer, auction.id, now=world.now)
    assert queries.snapshot(store.live(auction.id), "A", world.now)["paused_by"] is None


def test_a_withdrawn_invitation_stands_in_the_log_as_a_sentence(world: World) -> None:
    auction = a_live_auction(world, 3)
    out = auction.supplier_ids[2]
    services.block(world.buyer, auction.id, out, reason="invitation_withdrawn", blocked=True, now=world.now)
    client = world.client_of(world.buyer)
    for page in (f"/auctions/{auction.id}", f"/auctions/{auction.id}/log.csv"):
        text = client.get(page).text
        assert "The invitation was withdrawn." in text and "invitation_withdrawn" not in text


def test_the_sum_over_all_lots_is_ranked_for_bidders_and_buyer(world: World) -> None:
    auction = a_live_auction(world, 3, lots=2, package=True)
    for place, first, second in ((0, "90", "80"), (1, "95", "60")):
        bid(world, auction, place, first, lot="L1", confirm=True)
        bid(world, auction, place, second, lot="L2", confirm=True)
    bid(world, auction, 2, "50", lot="L1", confirm=True)
    seen = [queries.snapshot(store.live(auction.id), alias, world.now)["packages"] for alias in "ABC"]
    assert seen == [[{"amount": "170", "rank": 2}], [{"amount": "155", "rank": 1}], [{"amount": None, "rank": None}]]
    assert "All lots together" in room_of(world, auction, 0) and "170" in room_of(world, auction, 0)
    board = queries.board(world.buyer, auction.id, world.now)
    assert [(row.rank, row.amount) for row in board.sums] == [(1, Decimal(155)), (2, Decimal(170))]
    assert "All lots together" in world.client_of(world.buyer).get(f"/auctions/{auction.id}").text
    plain = a_live_auction(world, 3, lots=2)
    assert "All lots together" not in room_of(world, plain, 0)


def test_selling_takes_higher_bids_and_refuses_lower_ones(world: World) -> None:
    auction = a_live_auction(world, 3, direction="forward", ceiling=Decimal(100))
    bid(world, auction, 0, "110", confirm=True)
    bid(world, auction, 1, "120", confirm=True)
    with pytest.raises(Refused) as refused:
        bid(world, auction, 0, "105", confirm=True)
    assert refused.value.code == "not_an_improvement"
    with pytest.raises(Refused) as refused:
        bid(world, auction, 2, "99", confirm=True)
    assert refused.value.code == "above_ceiling"
    board = queries.board(world.buyer, auction.id, world.now)
    assert [row.amount for row in board.lots[0].bidders][:2] == [Decimal(120), Decimal(110)]
    assert board.customer_price is None
    page = room_of(world, auction, 0)
    assert 'data-direction="up"' in page
    time_passes(world, 3600)
    assert [one.won for one in queries.full_minutes(world.buyer, auction.id).lots[0].ranking] == [True, False]


def test_a_clock_or_a_score_cannot_sell(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        a_draft_auction(world, 3, profile="weighted_live", direction="forward")
    assert [one.field for one in refused.value.problems] == ["direction"]


def test_the_set_up_offers_selling_and_shows_its_example(world: World) -> None:
    draft = a_draft_auction(world, 3, direction="forward")
    buyer = world.client_of(world.buyer)
    assert "Selling: bids go up" in buyer.get(f"/projects/{draft.project_id}/auctions/new").text
    shown = buyer.get(f"/auctions/{draft.id}").text
    assert "Bids go up." in shown and "Bids go down." not in shown


@pytest.mark.parametrize("role", ["purchasing_manager", "auditor"])
def test_managers_and_auditors_watch_the_running_auction_and_can_do_nothing(world: World, role: str) -> None:
    auction = a_live_auction(world, 3)
    bid(world, auction, 0, "90", confirm=True)
    watching = world.client_of(world.manager if role == "purchasing_manager" else world.auditor)
    page = watching.get(f"/auctions/{auction.id}")
    assert page.status_code == 200 and "90" in page.text and "data-cockpit" in page.text
    assert "Pause the auction" not in page.text and "/pause" not in page.text
    assert watching.get(f"/auctions/{auction.id}/board").status_code == 200
    assert watching.post(f"/auctions/{auction.id}/pause", data={"reason": "x"}).status_code in (400, 404)
    assert store.live(auction.id).state.lots["L1"].paused_at is None


def test_an_auction_that_does_not_sell_has_no_direction_to_confuse(world: World) -> None:
    given = Settings(opens_at=world.now + timedelta(hours=1))
    assert (given.direction, given.package) == ("reverse", False)
    assert services.directions("japanese") == ("reverse",) and "forward" in services.directions("rank_english")
