"""Sealed bids and the limits of automatic bidding in the database: nobody who steals it reads them before their time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from srm_portal.auctions import queries, services, store
from srm_portal.auctions.domain.replay import replay
from srm_portal.audit.models import AuditEntry
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound, Refused
from tests.support.factories.auctions import LiveAuction, a_live_auction, bid, time_passes
from tests.support.world import World

SECRET = ("777123.45", "654321.98")


def whole_database() -> str:
    """Every value of every table, as a thief reads it."""
    db.session.rollback()
    with db.engine.connect() as connection:
        rows = [
            str(tuple(row))
            for table in db.metadata.sorted_tables
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))
        ]
    return "\n".join(rows)


def shows(held: str, amount: str) -> bool:
    """As text, or as the whole number of millionths in which money is kept."""
    whole, _, part = amount.partition(".")
    return amount in held or f"{whole}{part.ljust(6, '0')}" in held


def a_sealed_auction(world: World) -> LiveAuction:
    auction = a_live_auction(world, profile="sealed_then_live", minutes=3)
    bid(world, auction, 0, SECRET[0], key="one")
    bid(world, auction, 1, SECRET[1], key="two")
    with pytest.raises(Refused):
        bid(world, auction, 1, SECRET[1], key="a repeat")
    return auction


def an_auction_with_limits(world: World) -> LiveAuction:
    auction = a_live_auction(world, minutes=3)
    bid(world, auction, 0, "900000")
    services.set_proxy(auction.bidders[0], auction.id, "L1", SECRET[0], "10000", key="p", now=world.now)
    services.set_proxy(auction.bidders[1], auction.id, "L1", "800000", "10000", key="q", now=world.now)
    return auction


def test_a_sealed_bid_is_not_in_the_database_in_clear(world: World) -> None:
    auction = a_sealed_auction(world)
    held = whole_database()
    assert not any(shows(held, amount) for amount in SECRET)
    assert store.first_broken(auction.id) is None


def test_an_open_bid_is(world: World) -> None:
    auction = a_live_auction(world)
    bid(world, auction, 0, SECRET[0])
    assert shows(whole_database(), SECRET[0])


def test_a_limit_is_not_in_the_database_in_clear_though_bids_were_made_from_it(world: World) -> None:
    auction = an_auction_with_limits(world)
    assert not shows(whole_database(), SECRET[0])
    assert store.live(auction.id).state.lots["L1"].leader() == "A"


def test_a_restart_folds_sealed_entries_to_the_same_state(world: World) -> None:
    for auction in (a_sealed_auction(world), an_auction_with_limits(world)):
        remembered = [queries.snapshot(store.live(auction.id), name, world.now) for name in "AB"]
        store.forget(auction.id)
        assert [queries.snapshot(store.live(auction.id), name, world.now) for name in "AB"] == remembered


def test_the_length_of_a_sealed_entry_tells_no_digits(world: World) -> None:
    auction = a_live_auction(world, profile="sealed_then_live", minutes=3)
    bid(world, auction, 0, "1", key="one")
    bid(world, auction, 1, "987654321.99", key="two")
    lengths = {len(row.command) for row in store.entries(auction.id) if row.kind == "bid"}
    assert len(lengths) == 1


def test_the_record_is_closed_until_the_end_and_whole_afterwards(world: World) -> None:
    auction = an_auction_with_limits(world)
    with pytest.raises(Refused, match="auction_still_runs"):
        queries.minutes(world.buyer, auction.id)
    with pytest.raises(NotFound):
        queries.replayed(world.buyer, auction.id, None, world.now)
    with pytest.raises(Refused, match="auction_still_runs"):
        queries.export_by_reference(auction.id)
    time_passes(world, 400)
    document = queries.export_by_reference(auction.id)
    assert [one["limit"] for one in document["commands"] if one["do"] == "proxy"] == [SECRET[0], "800000"]
    again = replay(document)
    assert (again["outcomes"], again["log_sha256"]) == (document["outcomes"], document["log_sha256"])
    assert "auction.limits_opened" in actions(auction)


def test_sealed_bids_are_read_by_nobody_before_the_recorded_opening(world: World) -> None:
    auction = a_sealed_auction(world)
    time_passes(world, 400)
    with pytest.raises(Refused, match="seals_not_opened"):
        queries.minutes(world.buyer, auction.id)
    page = world.client_of(world.buyer).get(f"/auctions/{auction.id}")
    assert not any(amount.partition(".")[0] in page.text.replace(",", "") for amount in SECRET)
    services.open_seals(world.buyer, auction.id, now=world.now)
    assert "auction.open" in actions(auction)
    time_passes(world, 8)
    document: dict[str, Any] = queries.minutes(world.buyer, auction.id)["replay"]
    amounts = [one["amount"] for one in document["commands"] if one["do"] == "bid"]
    assert amounts == [SECRET[0], SECRET[1], SECRET[1]]
    assert replay(document)["outcomes"] == document["outcomes"]


def actions(auction: LiveAuction) -> set[str]:
    query = db.session.query(AuditEntry.action).filter_by(stream=f"project:{auction.project_id}")
    return {row.action for row in query}
