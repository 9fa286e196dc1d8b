"""A clock that jumps while an auction is open: the auction is paused with the time that was left, nothing is stamped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from srm_portal.auctions import services, store
from srm_portal.auctions.domain.replay import replay
from srm_portal.auctions.models import AuctionEntry, AuctionPulse
from srm_portal.auctions.queries import export
from srm_portal.infra.db import db
from srm_portal.kernel.clock import Read, SystemClock
from srm_portal.kernel.errors import Refused
from srm_portal.notifications.models import Notice
from tests.support.factories.auctions import LiveAuction, a_live_auction, a_published_auction, bid
from tests.support.world import World


class SteppingClock(SystemClock):
    """The portal's own clock over two hands that a test moves; the database's clock is not asked."""

    def __init__(self, start_us: int) -> None:
        self.wall, self.steady = start_us, 1_000_000
        super().__init__(lambda: self.wall, lambda: self.steady)

    def passes(self, seconds: float, jump: float = 0.0) -> None:
        self.steady += round(seconds * 1e6)
        self.wall += round((seconds + jump) * 1e6)

    def stamp(self, read: Read | None = None) -> Any:
        return super().stamp()

    def trust(self, read: Read | None = None) -> None:
        super().trust()


@pytest.fixture
def stepping(world: World) -> Iterator[tuple[SteppingClock, LiveAuction]]:
    auction = a_live_auction(world, minutes=10, window_s=0)
    clock = SteppingClock(round(world.now.timestamp() * 1e6))
    world.app.extensions["srm_clock"] = clock
    yield clock, auction
    world.app.extensions["srm_clock"] = world.clock


def paused_at(auction: LiveAuction) -> Any:
    return store.live(auction.id).state.lots["L1"].paused_at


@pytest.mark.parametrize("jump", [3600.0, -3600.0, 0.4, -0.4])
def test_a_jump_pauses_the_auction_at_the_last_moment_to_trust(
    world: World, stepping: tuple[SteppingClock, LiveAuction], jump: float
) -> None:
    clock, auction = stepping
    bid(world, auction, 0, "1000")
    started = clock.now()
    clock.passes(5, jump)
    with pytest.raises(Refused) as refused:
        bid(world, auction, 1, "990")
    assert refused.value.code == "paused"
    assert paused_at(auction) == started + timedelta(seconds=5)
    left = store.live(auction.id).state.lots["L1"].close - paused_at(auction)
    clock.passes(60)
    services.resume(world.buyer, auction.id, now=clock.now())
    assert store.live(auction.id).state.lots["L1"].close == clock.now() + left
    bid(world, auction, 1, "990", key="after")
    assert replay(export(auction.id))["outcomes"] == export(auction.id)["outcomes"]


def test_without_a_jump_bids_are_taken(world: World, stepping: tuple[SteppingClock, LiveAuction]) -> None:
    clock, auction = stepping
    for number, slew in enumerate((0.0, 0.2, -0.2)):
        clock.passes(5, slew)
        bid(world, auction, number % 3, str(1000 - 10 * number))
    assert paused_at(auction) is None


def test_the_timekeeper_notices_a_jump_though_nobody_bids_and_people_are_told(
    world: World, stepping: tuple[SteppingClock, LiveAuction]
) -> None:
    clock, auction = stepping
    services.keep_time(clock.now())
    clock.passes(1, 3600)
    services.keep_time(clock.now())
    assert paused_at(auction) is not None
    codes = [row.code for row in store.entries(auction.id)]
    assert not any(code.startswith("lot_closed") for code in codes), "the jump closed the lot"
    told = [row.user_id for row in db.session.query(Notice).filter_by(kind="auction_outage")]
    assert {person.user_id for person in auction.bidders} <= set(told)


def test_an_auction_that_had_not_opened_is_left_alone(
    world: World, stepping: tuple[SteppingClock, LiveAuction]
) -> None:
    clock, _auction = stepping
    later = a_published_auction(world, 3, opens_in_s=3600)
    services.keep_time(clock.now())
    clock.passes(1, 60)
    services.keep_time(clock.now())
    assert paused_at(later) is None


def test_a_clock_that_went_back_while_the_portal_was_away_pauses_what_was_open(world: World) -> None:
    auction = a_live_auction(world, minutes=10)
    services.keep_time(world.now)
    world.clock.set(world.now - timedelta(seconds=30))
    services.keep_time(world.now)
    assert paused_at(auction) is not None


def test_the_heartbeat_is_each_second(world: World) -> None:
    auction = a_live_auction(world, minutes=10)
    for _ in range(3):
        world.later(seconds=1)
        services.keep_time(world.now)
        assert db.session.get_one(AuctionPulse, auction.id, populate_existing=True).beat_at == world.now


def test_stamps_are_those_of_the_log(world: World, stepping: tuple[SteppingClock, LiveAuction]) -> None:
    clock, auction = stepping
    clock.passes(2.5)
    receipt = bid(world, auction, 0, "1000")
    row = db.session.query(AuctionEntry).filter_by(auction_id=auction.id, kind="bid").one()
    assert row.recv == receipt.recv == clock.now()
