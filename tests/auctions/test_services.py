"""Bids through the whole room: log, receipts, refusals, the clock, and the buyer's acts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from srm_portal.auctions import queries, services, store
from srm_portal.kernel.errors import Refused
from tests.support.factories.auctions import a_live_auction, bid
from tests.support.world import World


def refusal(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_a_bid_is_confirmed_with_a_receipt(world: World) -> None:
    auction = a_live_auction(world)
    receipt = bid(world, auction, 0, "1000.00")
    assert (receipt.amount, receipt.lot, receipt.recv, receipt.replayed) == ("1000.00", "L1", world.now, False)
    assert store.live(auction.id).state.lots["L1"].leader() == "A"
    assert store.first_broken(auction.id) is None


def test_the_room_the_board_and_the_export_agree(world: World) -> None:
    auction = a_live_auction(world)
    bid(world, auction, 0, "1000.00")
    bid(world, auction, 1, "990.00")
    refusal(lambda: bid(world, auction, 0, "999.90"))
    view = queries.snapshot(store.live(auction.id), "A", world.now)
    assert view["mine"]["L1"]["rank"] == 2
    board = queries.board(world.buyer, auction.id, world.now)
    assert [row.amount for row in board.lots[0].bidders] == [Decimal("990.00"), Decimal("1000.00"), None]
    document = queries.export(auction.id)
    lived = queries.outcomes_as_lived(auction.id)
    assert [(o["accepted"], o.get("code", ""), o.get("seq")) for o in document["outcomes"]] == [
        (o["accepted"], o["code"], o["seq"]) for o in lived
    ]
