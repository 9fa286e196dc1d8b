"""The rooms of the formats that are not a plain English auction: sealed and then live, turns, automatic bidding, practice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from srm_portal.auctions import queries, services, store
from srm_portal.kernel.errors import NotFound, Refused
from tests.support.factories.auctions import (
    LiveAuction,
    a_live_auction,
    a_published_auction,
    bid,
    time_passes,
)
from tests.support.world import World


def own(auction: LiveAuction, place: int, world: World) -> dict:
    alias = "ABCDEFGH"[place]
    return queries.snapshot(store.live(auction.id), alias, world.now)["mine"]["L1"]


def head(auction: LiveAuction, world: World) -> dict:
    return queries.snapshot(store.live(auction.id), "A", world.now)["lots"][0]


def test_a_sealed_room_shows_nothing_of_others_and_the_live_stage_opens_with_the_seals(world: World) -> None:
    auction = a_live_auction(world, 4, profile="sealed_then_live", minutes=2)
    for place, amount in enumerate(("1000", "1010", "1020", "2000")):
        bid(world, auction, place, amount)
    assert head(auction, world)["sealed"] is True
    assert "rank" not in own(auction, 0, world)
    time_passes(world, 130)
    services.open_seals(world.buyer, auction.id, lot="L1", live_s=600, now=world.now)
    shown = head(auction, world)
    assert (shown["sealed"], shown["live"], shown["state"]) == (False, True, "open")
    assert own(auction, 0, world)["rank"] == 1
    assert own(auction, 3, world)["outside"] is True
    bid(world, auction, 1, "900")
    assert own(auction, 1, world)["rank"] == 1
    with pytest.raises(Refused):
        bid(world, auction, 3, "800")
    assert queries.board(world.buyer, auction.id, world.now).state == "running"
    time_passes(world, 610)
    assert queries.board(world.buyer, auction.id, world.now).state == "closed"


def test_a_sealed_bid_is_withdrawn_by_plain_form_until_the_close(world: World) -> None:
    auction = a_live_auction(world, profile="sealed_then_live", minutes=2)
    bid(world, auction, 0, "1000")
    client = world.client_of(auction.bidders[0])
    room = client.get(f"/s/auctions/{auction.id}").text
    assert "Withdraw my sealed bid" in room
    data = {"lot": "L1", "request_id": "one"}
    answer = client.post(f"/s/auctions/{auction.id}/withdraw", data=data, follow_redirects=True)
    assert "Your sealed bid is withdrawn." in answer.text
    assert own(auction, 0, world)["own"] is None
    again = client.post(
        f"/s/auctions/{auction.id}/withdraw", data={"lot": "L1", "request_id": "two"}, follow_redirects=True
    )
    assert "There is no such bid." in again.text


def test_a_bidder_whose_turn_it_is_is_told_and_nobody_else(world: World) -> None:
    auction = a_live_auction(world, 3, profile="fair_rounds")
    assert own(auction, 0, world)["turn"]["round"] is None
    world.later(seconds=300)
    turns = [own(auction, place, world)["turn"] for place in range(3)]
    assert [turn["yours"] for turn in turns].count(True) == 1
    assert {turn["ends_ms"] for turn in turns} == {turns[0]["ends_ms"]}
    place = [turn["yours"] for turn in turns].index(True)
    page = world.client_of(auction.bidders[place]).get(f"/s/auctions/{auction.id}").text
    assert "It is your turn." in page
    other = world.client_of(auction.bidders[(place + 1) % 3]).get(f"/s/auctions/{auction.id}").text
    assert "It is your turn." not in other


def test_automatic_bidding_answers_a_rival_and_its_limit_stays_hidden(world: World) -> None:
    auction = a_live_auction(world, decrement_percent=0)
    client = world.client_of(auction.bidders[0])
    bid(world, auction, 0, "1000")
    data = {"lot": "L1", "request_id": "auto", "limit": "913.37", "step": "5"}
    answer = client.post(f"/s/auctions/{auction.id}/automatic", data=data, follow_redirects=True)
    assert "down to your limit" in answer.text and "€913.37" in answer.text
    bid(world, auction, 1, "990")
    assert own(auction, 0, world)["rank"] == 1
    for page in (
        world.client_of(auction.bidders[1]).get(f"/s/auctions/{auction.id}"),
        world.client_of(world.buyer).get(f"/auctions/{auction.id}"),
    ):
        assert "913.37" not in page.text
    client.post(f"/s/auctions/{auction.id}/automatic", data={"lot": "L1", "request_id": "end", "end": "1"})
    assert "proxy" not in own(auction, 0, world)
    wrong = data | {"limit": "cheap", "request_id": "wrong"}
    assert "cheap" in client.post(f"/s/auctions/{auction.id}/automatic", data=wrong, follow_redirects=True).text


def test_a_practice_run_has_the_same_rules_and_touches_nothing(world: World) -> None:
    auction = a_published_auction(world, opens_in_s=7200)
    made = services.practice_run(world.buyer, auction.id, "Practice", now=world.now)
    real, practice = (queries.board(world.buyer, one, world.now) for one in (auction.id, made))
    assert practice.practice and not real.practice
    assert practice.rules.decrement == real.rules.decrement
    assert [one[0] for one in practice.participants] == [one[0] for one in real.participants]
    lobby = world.client_of(auction.bidders[0]).get(f"/s/auctions/{auction.id}").text
    assert f"/s/auctions/{made}" in lobby
    assert "Practice: nothing here counts" in world.client_of(auction.bidders[0]).get(f"/s/auctions/{made}").text
    with pytest.raises(Refused):
        services.practice_run(world.buyer, made, "Practice of a practice", now=world.now)


def test_a_companys_round_trip_is_shown_to_the_buyer_only_and_only_for_its_own_auction(world: World) -> None:
    auction = a_live_auction(world)
    services.note_link(auction.bidders[0], auction.id, 42, now=world.now)
    links = queries.links(auction.id, auction.supplier_ids)
    assert links[auction.supplier_ids[0]].online is False and links[auction.supplier_ids[0]].round_trip_ms is None
    stranger = a_live_auction(world, 1)
    with pytest.raises(NotFound):
        services.note_link(stranger.bidders[0], auction.id, 1, now=world.now)


def test_the_buyer_opens_the_seals_on_the_page_and_the_live_stage_begins(world: World) -> None:
    auction = a_live_auction(world, 3, profile="sealed_then_live", minutes=2)
    bid(world, auction, 0, "1000")
    time_passes(world, 130)
    buyer = world.client_of(world.buyer)
    assert "Open the sealed bids" in buyer.get(f"/auctions/{auction.id}").text
    answer = buyer.post(f"/auctions/{auction.id}/open", data={"lot": "L1", "seconds": "600"}, follow_redirects=True)
    assert "Done; it stands in the log" in answer.text
    assert head(auction, world)["live"] is True


def test_every_act_of_the_buyer_has_its_fields_on_the_page(world: World) -> None:
    auction = a_live_auction(world, minutes=2)
    bid(world, auction, 0, "1000")
    page = world.client_of(world.buyer).get(f"/auctions/{auction.id}").text
    for name in ("extend-s", "sur-who", "sur-amount", "sur-evidence", "block-who"):
        assert f'id="{name}"' in page
    services.pause(world.buyer, auction.id, reason="a question", now=world.now)
    assert 'id="remove-seq"' in world.client_of(world.buyer).get(f"/auctions/{auction.id}").text


def test_r42_the_end_on_a_japanese_screen_does_not_tell_who_stayed_in(world: World) -> None:
    clock = {"start": Decimal(3000), "step": Decimal(50), "tick_s": 90}
    auction = a_live_auction(world, 3, profile="japanese", **clock)
    before = head(auction, world)["ends_ms"]
    for place in range(3):
        services.accept_price(auction.bidders[place], auction.id, "L1", 0, key=f"k{place}", now=world.now)
    assert head(auction, world)["ends_ms"] == before
    assert store.live(auction.id).state.lots["L1"].close.timestamp() * 1000 > before
