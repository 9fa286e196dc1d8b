"""In how many of the auctions they were invited to a supplier bid: a fact for their scorecard."""

from __future__ import annotations

from srm_portal.suppliers.domain.performance import quarter_of
from srm_portal.suppliers.queries import standing
from tests.support.factories.auctions import a_live_auction, bid, time_passes
from tests.support.world import World


def said(world: World, supplier_id: str) -> list[tuple[str, int]]:
    today = world.now.date()
    card = standing.scorecard_of(world.organisation_id, supplier_id, quarter_of(today), today)
    return [(one.dimension, one.mark) for one in card.measures if one.code == "auctions_attended"]


def test_who_bid_and_who_stayed_away_stands_on_the_scorecard_once_it_is_closed(world: World) -> None:
    auction = a_live_auction(world, 2, minutes=5)
    there, away = auction.supplier_ids
    bid(world, auction, 0, "900")
    assert said(world, there) == [], "nothing is known before the close"
    time_passes(world, 600)
    assert said(world, there) == [("responsiveness", 100)]
    assert said(world, away) == [("responsiveness", 0)]
    page = world.client_of(world.buyer).get(f"/suppliers/{away}/standing").text
    assert "bid in 0 of 1 auctions" in page


def test_a_practice_round_counts_for_nobody(world: World) -> None:
    auction = a_live_auction(world, 1, minutes=5, practice=True)
    time_passes(world, 600)
    assert said(world, auction.supplier_ids[0]) == []
