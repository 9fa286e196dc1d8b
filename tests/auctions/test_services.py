"""Bids through the whole room: log, receipts, refusals, the clock, and the buyer's acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from srm_portal.auctions import queries, services, store
from srm_portal.auctions.domain.replay import replay
from srm_portal.auctions.services.settings import Settings
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from tests.support.factories.auctions import (
    LiveAuction,
    a_draft_auction,
    a_live_auction,
    a_published_auction,
    bid,
    time_passes,
)
from tests.support.world import World


def refusal(act: Callable[[], Any]) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def leader(auction: LiveAuction) -> str | None:
    return store.live(auction.id).state.lots["L1"].leader()


def test_a_bid_is_confirmed_with_a_receipt(world: World) -> None:
    auction = a_live_auction(world)
    receipt = bid(world, auction, 0, "1000.00")
    assert (receipt.amount, receipt.lot, receipt.recv, receipt.replayed) == ("1000.00", "L1", world.now, False)
    assert leader(auction) == "A"
    assert store.first_broken(auction.id) is None


def test_a_retry_with_the_same_key_gets_the_first_receipt_again(world: World) -> None:
    auction = a_live_auction(world)
    first = bid(world, auction, 0, "1000", key="one")
    again = bid(world, auction, 0, "1000", key="one")
    assert (again.seq, again.recv, again.replayed) == (first.seq, first.recv, True)
    assert refusal(lambda: bid(world, auction, 0, "900", key="one")).code == "key_reused"
    assert services.bid_status(auction.bidders[0], auction.id, "one").seq == first.seq
    assert services.bid_status(auction.bidders[0], auction.id, "two") is None


def test_a_bid_in_the_last_millisecond_counts_and_at_the_close_is_late(world: World) -> None:
    auction = a_live_auction(world, minutes=2, window_s=0)
    close = store.live(auction.id).state.lots["L1"].close
    world.clock.set(close - timedelta(milliseconds=1))
    bid(world, auction, 0, "1000")
    world.clock.set(close)
    refused = refusal(lambda: bid(world, auction, 1, "900.77", key="k"))
    assert (refused.code, refused.facts["late_ms"]) == ("late", "0")
    late = store.entries(auction.id)[-1]
    assert late.code == "late"
    assert "900.77" not in late.command


@pytest.mark.parametrize("amount", ["abc", "1e3", "NaN", "-5", "", "1,000", "\uff11\uff10"])
def test_what_is_not_a_number_is_refused(world: World, amount: str) -> None:
    auction = a_live_auction(world)
    assert refusal(lambda: bid(world, auction, 0, amount, key="k")).code == "not_a_number"


def test_each_wrong_bid_is_refused_by_its_code_beside_the_one_that_counts(world: World) -> None:
    auction = a_live_auction(world, ceiling=Decimal(2000), decrement=Decimal(10))
    assert refusal(lambda: bid(world, auction, 0, "2000.01")).code == "above_ceiling"
    bid(world, auction, 0, "1000")
    step = refusal(lambda: bid(world, auction, 0, "995"))
    assert (step.code, step.facts["next_valid"]) == ("decrement", "990.00")
    assert refusal(lambda: bid(world, auction, 0, "1000", key="x")).code == "not_an_improvement"
    assert refusal(lambda: bid(world, auction, 0, "989.999")).code == "not_on_tick"
    assert refusal(lambda: bid(world, auction, 0, "500")).code == "needs_confirmation"
    assert refusal(lambda: bid(world, auction, 0, "900", lot="L9")).code == "unknown_lot"
    assert refusal(lambda: bid(world, auction, 0, "900", key="")).code == "key_missing"
    bid(world, auction, 0, "500", confirm=True, key="sure")
    assert leader(auction) == "A"


def test_who_did_not_accept_the_rules_or_may_not_bind_cannot_bid(world: World) -> None:
    auction = a_published_auction(world, accepted=False)
    world.later(seconds=61)
    assert refusal(lambda: bid(world, auction, 0, "1000")).code == "accept_terms"
    looker = replace(auction.bidders[0], may_bid=False)
    assert (
        refusal(lambda: services.place_bid(looker, auction.id, "L1", "1000", key="k", now=world.now)).code
        == "may_not_bind"
    )
    wrong = refusal(lambda: services.accept_terms(auction.bidders[0], auction.id, sha256="0" * 64, now=world.now))
    assert wrong.code == "rules_changed"


def test_strangers_find_no_auction(world: World) -> None:
    auction, other = a_live_auction(world), a_live_auction(world)
    with pytest.raises(NotFound):
        services.place_bid(other.bidders[0], auction.id, "L1", "1000", key="k", now=world.now)
    with pytest.raises(NotFound):
        queries.seat(world.buyer, auction.id)
    with pytest.raises(NotFound):
        queries.board(auction.bidders[0], auction.id, world.now)
    with pytest.raises(NotFound):
        services.pause(auction.bidders[0], auction.id, reason="x", now=world.now)


def test_a_pause_keeps_the_time_that_is_left(world: World) -> None:
    auction = a_live_auction(world, minutes=10)
    assert refusal(lambda: services.pause(world.buyer, auction.id, reason=" ", now=world.now)).code == "reason_required"
    services.pause(world.buyer, auction.id, reason="A bidder has no line", now=world.now)
    assert refusal(lambda: bid(world, auction, 0, "1000")).code == "paused"
    time_passes(world, 60)
    services.resume(world.buyer, auction.id, now=world.now)
    left = store.live(auction.id).state.lots["L1"].close - world.now
    assert left == timedelta(minutes=10) - timedelta(seconds=1)
    bid(world, auction, 0, "1000", key="after")


def test_the_buyer_extends_removes_closes_and_reopens_with_reasons(world: World) -> None:
    auction = a_live_auction(world, minutes=10)
    first = bid(world, auction, 0, "1000")
    close = store.live(auction.id).state.lots["L1"].close
    services.extend(world.buyer, auction.id, 120, reason="A late question", now=world.now)
    assert store.live(auction.id).state.lots["L1"].close == close + timedelta(seconds=120)
    removing = refusal(lambda: services.remove_bid(world.buyer, auction.id, first.seq, reason="typo", now=world.now))
    assert removing.code == "not_paused"
    services.close(world.buyer, auction.id, reason="Agreed", now=world.now)
    services.remove_bid(world.buyer, auction.id, first.seq, reason="typo, as its bidder wrote", now=world.now)
    assert leader(auction) is None
    world.later(seconds=1)
    services.keep_time(world.now)
    services.reopen(world.buyer, auction.id, reason="All agreed", seconds=300, now=world.now)
    bid(world, auction, 1, "990", key="again")
    services.cancel(world.buyer, auction.id, reason="The need is gone", now=world.now)
    assert queries.of_project(auction.project_id)[0].state == "cancelled"
    assert refusal(lambda: bid(world, auction, 1, "900")).code == "cancelled"


def test_a_blocked_company_cannot_bid_and_gets_its_right_back(world: World) -> None:
    auction = a_live_auction(world)
    who = auction.bidders[0].supplier_id or ""
    services.block(world.buyer, auction.id, who, reason="sanctions check", now=world.now)
    assert refusal(lambda: bid(world, auction, 0, "1000")).code == "blocked"
    services.block(world.buyer, auction.id, who, reason="cleared", blocked=False, now=world.now)
    bid(world, auction, 0, "1000", key="now")


def test_a_surrogate_bid_is_marked(world: World) -> None:
    auction = a_live_auction(world)
    who = auction.bidders[0].supplier_id or ""

    def place(evidence: str) -> int:
        return services.surrogate_bid(
            world.buyer, auction.id, "L1", who, "1000", evidence=evidence, key="s", now=world.now
        )

    assert refusal(lambda: place("")).code == "reason_required"
    place("mail of 10:02")
    board = queries.board(world.buyer, auction.id, world.now)
    assert board.lots[0].bids[0].surrogate


def test_a_closing_is_an_entry_of_the_log_and_makes_results(world: World) -> None:
    auction = a_live_auction(world, minutes=3)
    bid(world, auction, 0, "1000")
    bid(world, auction, 1, "990")
    time_passes(world, 200)
    assert next(row.code for row in store.entries(auction.id) if row.kind == "note") == "lot_opened:L1"
    assert [row.code for row in store.entries(auction.id)][-1].startswith("lot_closed:L1")
    result = queries.results(auction.project_id)[0]
    assert result.ranking == (
        (auction.supplier_ids[1], Decimal("990")),
        (auction.supplier_ids[0], Decimal("1000")),
    )
    assert queries.of_project(auction.project_id)[0].state == "closed"


def test_an_outage_pauses_what_was_open_and_a_short_one_does_not(world: World) -> None:
    auction = a_live_auction(world)
    world.later(seconds=9)
    services.keep_time(world.now)
    bid(world, auction, 0, "1000")
    world.later(seconds=60)
    services.keep_time(world.now)
    assert refusal(lambda: bid(world, auction, 1, "900")).code == "paused"
    services.resume(world.buyer, auction.id, now=world.now)
    bid(world, auction, 1, "990", key="after")


def test_the_export_replays_to_the_outcomes_that_were_lived(world: World) -> None:
    auction = a_live_auction(world, minutes=3)
    bid(world, auction, 0, "1000")
    bid(world, auction, 1, "990")
    refusal(lambda: bid(world, auction, 0, "999.90"))
    services.pause(world.buyer, auction.id, reason="a question", now=world.now)
    refusal(lambda: bid(world, auction, 2, "900"))
    services.resume(world.buyer, auction.id, now=world.now)
    time_passes(world, 250)
    refusal(lambda: bid(world, auction, 2, "900", key="late"))
    document = queries.export(auction.id)
    lived = queries.outcomes_as_lived(auction.id)
    for outcomes in (document["outcomes"], replay(document)["outcomes"]):
        told = [(one["accepted"], one.get("code", ""), one.get("seq")) for one in outcomes]
        assert told == [(one["accepted"], one["code"], one["seq"]) for one in lived]
    assert replay(document)["log_sha256"] == document["log_sha256"]


def test_what_is_in_memory_equals_what_the_log_says(world: World) -> None:
    auction = a_live_auction(world)
    bid(world, auction, 0, "1000")
    bid(world, auction, 1, "990")
    remembered = queries.snapshot(store.live(auction.id), "A", world.now)
    store.forget(auction.id)
    assert queries.snapshot(store.live(auction.id), "A", world.now) == remembered


def test_a_dutch_lot_goes_to_the_first_who_accepts(world: World) -> None:
    clock = {"start": Decimal(1000), "step": Decimal(50), "cap": Decimal(2000), "tick_s": 60}
    auction = a_live_auction(world, profile="dutch_fast", **clock)
    moved = refusal(lambda: services.accept_price(auction.bidders[0], auction.id, "L1", 3, key="a", now=world.now))
    assert moved.code == "moved"
    receipt = services.accept_price(auction.bidders[0], auction.id, "L1", 0, key="b", now=world.now)
    assert receipt.amount == "1000.00"
    taken = refusal(lambda: services.accept_price(auction.bidders[1], auction.id, "L1", 0, key="c", now=world.now))
    assert taken.code == "taken"
    assert refusal(lambda: bid(world, auction, 1, "900")).code == "not_allowed"


def test_a_japanese_lot_drops_who_misses_a_step(world: World) -> None:
    auction = a_live_auction(world, profile="japanese", start=Decimal(1000), step=Decimal(50), tick_s=60, min_active=0)
    services.accept_price(auction.bidders[0], auction.id, "L1", 0, key="a", now=world.now)
    time_passes(world, 60)
    dropped = refusal(lambda: services.accept_price(auction.bidders[1], auction.id, "L1", 1, key="b", now=world.now))
    assert dropped.code in ("dropped", "late")
    services.accept_price(auction.bidders[0], auction.id, "L1", 1, key="c", now=world.now)


def test_automatic_bidding_answers_a_rival(world: World) -> None:
    auction = a_live_auction(world)
    bid(world, auction, 0, "1000")
    services.set_proxy(auction.bidders[0], auction.id, "L1", "900", "10", key="p", now=world.now)
    bid(world, auction, 1, "990")
    assert leader(auction) == "A"
    services.cancel_proxy(auction.bidders[0], auction.id, "L1", key="q", now=world.now)


def test_simulated_bidders_move_an_auction_that_is_marked_so(world: World) -> None:
    from tests.support.factories.sourcing import an_approved_need
    from tests.support.factories.suppliers import a_supplier

    project_id = an_approved_need(world)
    ids = [a_supplier(world, f"Puppet {at}") for at in range(4)]
    given = Settings(opens_at=world.now + timedelta(seconds=5), minutes=5, simulated=True)
    auction_id = services.create_auction(world.buyer, project_id, given, now=world.now, supplier_ids=ids)
    services.publish_auction(world.buyer, auction_id, now=world.now)
    taken = 0
    for _ in range(40):
        world.later(seconds=4)
        services.keep_time(world.now)
        taken += services.simulate(world.now)
    assert taken > 5
    assert queries.board(world.buyer, auction_id, world.now).simulated


def test_every_wrong_setting_is_named(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        a_draft_auction(world, minutes=0, decrement=Decimal("-1"), decrement_percent=Decimal(90), base="nobody")
    assert {one.field for one in caught.value.problems} == {"minutes", "decrement", "decrement_percent", "base"}
    with pytest.raises(Invalid) as caught:
        a_draft_auction(world, profile="dutch_fast")
    assert {one.field for one in caught.value.problems} == {"start", "step", "cap"}
    with pytest.raises(Invalid) as caught:
        a_draft_auction(world, bidders=2, override_reason="")
    assert [one.code for one in caught.value.problems] == ["rank_needs_bidders"]
    with pytest.raises(Invalid) as caught:
        a_draft_auction(world, opens_in_s=-60)
    assert [one.code for one in caught.value.problems] == ["opening_is_past"]


def test_invited_bidders_get_a_mail(world: World, letters: list[Any]) -> None:
    auction = a_published_auction(world)
    world.run_jobs()
    people = {person.user_id for person in auction.bidders}
    assert len([one for one in letters if "/s/auctions/" in str(one)]) == len(people)
    again = refusal(lambda: services.publish_auction(world.buyer, auction.id, now=world.now))
    assert again.code == "auction_is_published"
