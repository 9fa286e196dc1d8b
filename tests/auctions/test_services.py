"""Bids through the whole room: log, receipts, refusals, the clock, and the buyer's acts."""

from __future__ import annotations

import pytest

from srm_portal.auctions import services, store
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
