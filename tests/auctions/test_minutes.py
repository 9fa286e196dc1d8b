"""After the end: the minutes with names, their release without names, receipts, and each screen as it was."""

from __future__ import annotations

import json

import pytest

from srm_portal.auctions import queries, services, store
from srm_portal.kernel.errors import NotFound, Refused
from tests.support.factories.auctions import LiveAuction, a_live_auction, bid, time_passes
from tests.support.statements import count_statements
from tests.support.world import World


@pytest.fixture
def ended(world: World) -> LiveAuction:
    auction = a_live_auction(world, 3, minutes=2, window_s=0)
    for place, amount in ((0, "1000"), (1, "950"), (2, "990"), (0, "940")):
        bid(world, auction, place, amount)
    with pytest.raises(Refused):
        bid(world, auction, 1, "949.99")
    time_passes(world, 130)
    return auction


def test_the_minutes_name_everybody_for_the_buyer_and_say_what_was_refused(world: World, ended: LiveAuction) -> None:
    minutes = queries.full_minutes(world.buyer, ended.id)
    assert [(row.who, row.won) for row in minutes.lots[0].ranking] == [
        ("Bidder A Works", True),
        ("Bidder B Works", False),
        ("Bidder C Works", False),
    ]
    assert [line.code for line in minutes.lines if line.code] == ["decrement"]
    assert minutes.head == store.live(ended.id).head
    page = world.client_of(world.buyer).get(f"/auctions/{ended.id}/minutes").text
    assert "Bidder B Works" in page and "The step is too small." in page and "Release to bidders" in page


def test_bidders_read_the_minutes_only_after_their_release_and_without_names(world: World, ended: LiveAuction) -> None:
    bidder = world.client_of(ended.bidders[1])
    for kind in ("minutes", "minutes.pdf", "minutes.json"):
        assert bidder.get(f"/s/auctions/{ended.id}/{kind}").status_code == 404
    world.client_of(world.buyer).post(f"/auctions/{ended.id}/minutes/release")
    page = bidder.get(f"/s/auctions/{ended.id}/minutes").text
    data = bidder.get(f"/s/auctions/{ended.id}/minutes.json")
    for text in (page, data.text):
        assert "Bidder A" in text and "940" in text and "you" in text
        assert "Works" not in text
    told = json.loads(data.text)
    assert told["named"] is False and [row["who"] for row in told["lots"][0]["ranking"]] == [
        "Bidder A",
        "you",
        "Bidder C",
    ]
    assert bidder.get(f"/s/auctions/{ended.id}/minutes.pdf").data.startswith(b"%PDF")
    others = queries.released_minutes(ended.bidders[0], ended.id)
    assert "decrement" not in {line.code for line in others.lines}
    stranger = a_live_auction(world, 1).bidders[0]
    with pytest.raises(NotFound):
        queries.released_minutes(stranger, ended.id)


def test_minutes_cannot_be_released_before_the_end(world: World) -> None:
    auction = a_live_auction(world)
    with pytest.raises(Refused) as caught:
        services.release_minutes(world.buyer, auction.id, now=world.now)
    assert caught.value.code == "still_open"
    with pytest.raises(NotFound):
        queries.full_minutes(world.buyer, auction.id)


def test_a_receipt_carries_the_hash_that_stands_in_the_minutes(world: World, ended: LiveAuction) -> None:
    minutes = queries.full_minutes(world.buyer, ended.id)
    hashes = {line.seq: line.hash for line in minutes.lines}
    own = queries.own_entries(ended.bidders[0], ended.id)
    assert [(row[0], str(row[4])) for row in own] == [(5, "940"), (2, "1000")]
    assert all(hashes[row[0]] == row[5] for row in own)
    assert own[0][5] in world.client_of(ended.bidders[0]).get(f"/s/auctions/{ended.id}/receipts").text


def test_the_replay_shows_each_screen_as_it_was(world: World) -> None:
    auction = a_live_auction(world, 3, minutes=2, window_s=0)
    lived: dict[int, dict] = {}
    for place, amount in ((0, "1000"), (1, "950"), (2, "990"), (0, "940")):
        bid(world, auction, place, amount)
        known = store.live(auction.id)
        lived[known.seq] = {alias: queries.snapshot(known, alias, world.now) for alias in "ABC"}
    time_passes(world, 130)
    for seq, screens in lived.items():
        then, at = queries.as_it_was(world.buyer, auction.id, seq)
        assert {alias: queries.snapshot(then, alias, at) for alias in "ABC"} == screens


def test_the_replay_page_shows_buyer_observer_and_bidder_with_few_statements(world: World, ended: LiveAuction) -> None:
    buyer = world.client_of(world.buyer)
    for viewer, expected in (
        ("buyer", "€1,000.00"),
        ("observer", "An observer sees times and states"),
        ("A", "No bid yet"),
    ):
        with count_statements() as statements:
            page = buyer.get(f"/auctions/{ended.id}/replay?seq={2 if viewer == 'buyer' else 1}&as={viewer}")
        assert page.status_code == 200 and expected in page.text, viewer
        assert "950" not in page.text.split('id="moment"')[1].split("<aside")[0]
        assert len(statements) <= 12


def test_the_log_of_a_blind_cockpit_gives_letters(world: World) -> None:
    auction = a_live_auction(world, blind=True)
    bid(world, auction, 0, "1000")
    buyer = world.client_of(world.buyer)
    for address in (f"/auctions/{auction.id}/log.csv", f"/auctions/{auction.id}"):
        text = buyer.get(address).text
        assert "Bidder A" in text and "Bidder A Works" not in text
