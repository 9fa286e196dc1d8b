"""Auctions as a test wants them: drafted, published, live, with bidders who accepted the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from srm_portal.auctions import services
from srm_portal.auctions.domain.rules_writing import rules_sha256
from srm_portal.auctions.services.settings import Settings
from srm_portal.auctions.store import live
from srm_portal.kernel.permissions import Actor
from tests.support.factories.sourcing import an_approved_need
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World


@dataclass(frozen=True, slots=True)
class LiveAuction:
    """The auction's id, its project and one person per bidding company, in the order of their aliases."""

    id: str
    project_id: str
    bidders: tuple[Actor, ...]

    @property
    def supplier_ids(self) -> list[str]:
        return [bidder.supplier_id or "" for bidder in self.bidders]


def a_draft_auction(
    world: World, bidders: int = 3, *, lots: int = 1, minutes: int = 30, opens_in_s: int = 60, **rules: Any
) -> LiveAuction:  # fmt: skip
    project_id = rules.pop("project_id", None) or an_approved_need(world, lots=lots)
    suppliers = [a_supplier(world, f"Bidder {'ABCDEFGHIJ'[at % 10]}{at // 10 or ''} Works") for at in range(bidders)]
    people = tuple(world.supplier_user(each, name=f"Person of {at}") for at, each in enumerate(suppliers))
    rules.setdefault("override_reason", "few suppliers can make it")
    given = Settings(opens_at=world.now + timedelta(seconds=opens_in_s), minutes=minutes, **rules)
    auction_id = services.create_auction(world.buyer, project_id, given, now=world.now, supplier_ids=suppliers)
    return LiveAuction(auction_id, project_id, people)


def a_published_auction(world: World, bidders: int = 3, *, accepted: bool = True, **rules: Any) -> LiveAuction:
    auction = a_draft_auction(world, bidders, **rules)
    services.publish_auction(world.buyer, auction.id, now=world.now)
    if accepted:
        sha256 = rules_sha256(live(auction.id).state.rules)
        for person in auction.bidders:
            services.accept_terms(person, auction.id, sha256=sha256, now=world.now)
    return auction


def a_live_auction(world: World, bidders: int = 3, **rules: Any) -> LiveAuction:
    """Published, everybody accepted, opened a minute ago."""
    auction = a_published_auction(world, bidders, **rules)
    world.later(seconds=61)
    services.keep_time(world.now)
    return auction


def bid(
    world: World, auction: LiveAuction, place: int, amount: str | Decimal, *, lot: str = "L1", **values: Any
) -> Any:
    """The bidder at this place bids; a fresh key where none is given."""
    values.setdefault("key", f"key-{place}-{amount}-{world.now.timestamp()}")
    return services.place_bid(auction.bidders[place], auction.id, lot, str(amount), now=world.now, **values)


def time_passes(world: World, seconds: int) -> None:
    """The clock goes on while the timekeeper is awake."""
    while seconds > 0:
        world.later(seconds=min(seconds, 8))
        services.keep_time(world.now)
        seconds -= 8
