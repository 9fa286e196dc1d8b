"""Setting an auction up: advice, the rules in words, example screens, and what each bidder brings along."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from srm_portal.auctions import queries, services, store
from srm_portal.auctions.domain.profiles import PROFILES
from srm_portal.auctions.domain.rules import Bidder, Extension, Lot, Rules
from srm_portal.auctions.policy import advise
from srm_portal.auctions.services.settings import Settings
from srm_portal.kernel.errors import Invalid
from tests.support.factories.auctions import a_draft_auction, a_published_auction
from tests.support.factories.offers import Tender, opened_event
from tests.support.statements import count_statements
from tests.support.world import World

CLOCKS = {
    "dutch_fast": {"start": Decimal(1000), "step": Decimal(50), "cap": Decimal(2000)},
    "japanese": {"start": Decimal(3000), "step": Decimal(50)},
}


def warned(rules: Rules, lots: list[Lot] | None = None, today: str | None = None, bidders: int = 5) -> set[str]:
    lots = lots or [Lot()]
    prices = [None if today is None else Decimal(today)] * len(lots)
    return {each.code for each in advise(rules, lots, [Bidder(name) for name in "ABCDE"[:bidders]], prices)}


def test_an_overtime_window_as_long_as_the_auction_is_warned_of() -> None:
    rules = PROFILES["rank_english"]
    assert "window_covers_the_auction" not in warned(rules)
    short = Lot(close=Lot().open + timedelta(seconds=120))
    assert {"window_covers_the_auction", "short_auction"} <= warned(rules, [short])


def test_a_step_over_five_percent_is_warned_of_in_percent_and_as_an_amount() -> None:
    rules = PROFILES["rank_english"]
    assert "step_above_percent" not in warned(rules, today="1000")
    assert "step_above_percent" in warned(rules, today="10")
    assert "no_overtime" in warned(Rules()) and "no_room_for_overtime" in warned(
        Rules(extension=Extension(hard_stop_s=0))
    )


def test_formats_that_lack_what_they_live_on_are_warned_of() -> None:
    assert "quality_is_equal" in warned(PROFILES["weighted_live"])
    assert "no_bonus_no_malus" in warned(PROFILES["bonus_malus"])
    assert "turns_need_opening_bids" in warned(PROFILES["fair_rounds"])
    assert "live_stage_needs_bidders" in warned(PROFILES["sealed_then_live"], bidders=2)
    assert "japanese_starts_low" in warned(PROFILES["japanese"], today="500000")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_shows_each_bidders_screen_before_it_is_published(world: World, profile: str) -> None:
    draft = a_draft_auction(world, 4, profile=profile, **CLOCKS.get(profile, {}))
    buyer = world.client_of(world.buyer)
    for alias, scene in (("A", "open"), ("B", "bidding"), ("D", "closed")):
        page = buyer.get(f"/auctions/{draft.id}?as={alias}&scene={scene}")
        assert page.status_code == 200
        assert 'class="still"' in page.text
    assert store.live(draft.id).seq == 0
    assert not store.live(draft.id).state.lots["L1"].ranked


def test_an_example_screen_holds_nothing_that_the_rules_hide(world: World) -> None:
    draft = a_draft_auction(world, 4, profile="rank_english")
    known = queries.unplayed(store.live(draft.id))
    at = queries.played(known, "bidding")
    lot = known.state.lots["L1"]
    lead, leader = format(lot.lead().amount, "f"), lot.leader()
    for alias in "ABCD":
        shown = str(queries.snapshot(known, alias, at)["mine"])
        assert (lead in shown) is (alias == leader)


def test_the_rules_are_read_in_each_language_and_have_one_fingerprint(world: World) -> None:
    draft = a_draft_auction(world)
    buyer = world.client_of(world.buyer)
    pages = [buyer.get(f"/auctions/{draft.id}?words={code}").text for code in ("en", "pl", "ru")]
    assert all(store.live(draft.id).state.rules for _ in pages)
    fingerprints = {page.split("(SHA-256)")[1].split("<code")[1].split("<")[0] for page in pages}
    assert len(fingerprints) == 1
    assert 'lang="pl"' in pages[1] and pages[0] != pages[1]


CHOICES = {"base": "", "trigger": "", "ties": "", "timing": "parallel"}


def form_of(tender: Tender, **values: object) -> dict[str, object]:
    return {"profile": "rank_english", "minutes": "30", "gap_s": "0", "suppliers": tender.suppliers, **CHOICES} | values


def test_the_page_says_what_follows_from_the_settings_before_anything_is_stored(world: World) -> None:
    tender = opened_event(world)
    buyer, address = world.client_of(world.buyer), f"/projects/{tender.project_id}/auctions"
    page = buyer.get(f"{address}/new").text
    assert "Bidder 01" in page and "Bidder 02" in page
    with count_statements() as statements:
        told = buyer.post(f"{address}/preview", data=form_of(tender, decrement_percent="7")).text
    assert len(statements) <= 12
    assert "With two bidders a rank tells everything." in told
    assert "The smallest step is 7 % of the price" in told
    assert "whichever is larger" in told and 'class="still"' in told
    wrong = buyer.post(f"{address}/preview", data=form_of(tender, decrement="much")).text
    assert "Not complete yet" in wrong and "Smallest step" in wrong
    checked = buyer.post(f"{address}/new", data=form_of(tender, check="1"))
    assert checked.status_code == 200 and 'class="still"' in checked.text
    assert queries.of_project(tender.project_id, world.now) == []


def test_what_each_bidder_brings_along_is_typed_beside_their_name(world: World) -> None:
    tender = opened_event(world)
    one, two = tender.suppliers
    opens = (world.now + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    values = form_of(tender, profile="bonus_malus", opens_at=opens, override_reason="two can make it")
    values |= {f"factor_{one}": "5", f"addition_{two}": "100", f"start_price_{two}": "777"}
    buyer = world.client_of(world.buyer)
    answer = buyer.post(f"/projects/{tender.project_id}/auctions/new", data=values)
    assert answer.status_code in (302, 303), answer.text
    found = queries.of_project(tender.project_id, world.now)[0]
    bidders = store.live(found.id).bidders
    assert (bidders[0].factor, bidders[0].addition) == (Decimal("0.05"), Decimal(0))
    assert (bidders[1].factor, bidders[1].addition, bidders[1].start_price) == (Decimal(0), Decimal(100), Decimal(777))


def test_a_price_scale_upside_down_and_points_above_a_hundred_are_refused(world: World) -> None:
    auction = a_published_auction(world, 2)
    given = Settings(opens_at=world.now + timedelta(hours=1), profile="weighted_live", override_reason="x")
    for wrong in (
        {"ceiling": Decimal(100), "floor": Decimal(120)},
        {"qualities": {auction.supplier_ids[0]: Decimal(101)}},
    ):
        facts = {name: getattr(given, name) for name in ("opens_at", "profile", "override_reason")} | wrong
        with pytest.raises(Invalid):
            services.plan_auction(
                world.buyer, auction.project_id, Settings(**facts), now=world.now, supplier_ids=auction.supplier_ids
            )
