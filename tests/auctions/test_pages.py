"""The pages of auctions, as buyer and bidder open them."""

from __future__ import annotations

from tests.support.factories.auctions import a_draft_auction, a_live_auction, a_published_auction, bid, time_passes
from tests.support.world import World


def test_the_buyer_sees_list_draft_cockpit_and_replay(world: World) -> None:
    buyer = world.client_of(world.buyer)
    draft = a_draft_auction(world)
    assert "The rules, as bidders read them" in buyer.get(f"/auctions/{draft.id}").text
    auction = a_live_auction(world, minutes=2)
    bid(world, auction, 0, "1000.00")
    page = buyer.get(f"/auctions/{auction.id}")
    assert page.status_code == 200
    assert "€1,000" in page.text
    assert buyer.get("/auctions").status_code == 200
    assert buyer.get(f"/auctions/{auction.id}/board").status_code == 200
    time_passes(world, 130)
    replay = buyer.get(f"/auctions/{auction.id}/replay?seq=2&as=A")
    assert replay.status_code == 200
    assert buyer.get(f"/auctions/{auction.id}/minutes.json").status_code == 200


def test_a_bidder_walks_from_the_lobby_into_the_room_and_bids_by_form(world: World) -> None:
    auction = a_published_auction(world, accepted=False)
    bidder = world.client_of(auction.bidders[0])
    lobby = bidder.get(f"/s/auctions/{auction.id}")
    assert "Accept the rules" in lobby.text
    sha256 = lobby.text.split('name="sha256" value="')[1].split('"')[0]
    bidder.post(f"/s/auctions/{auction.id}/accept", data={"sha256": sha256})
    world.later(seconds=70)
    room = bidder.get(f"/s/auctions/{auction.id}")
    assert "data-room" in room.text
    key = room.text.split('name="request_id" value="')[1].split('"')[0]
    data = {"lot": "L1", "amount": "1,000.50", "request_id": key}
    answer = bidder.post(f"/s/auctions/{auction.id}/bid", data=data, follow_redirects=True)
    assert "Your bid of €1,000.50 is confirmed." in answer.text
    assert bidder.get("/s/auctions").status_code == 200
