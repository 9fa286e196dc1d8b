"""A whole auction of every format with marked amounts: nothing a bidder gets holds what the rules hide; pushes add up.

Every frame (snapshot, push, acknowledgement, refusal, heartbeat), page and mail of one bidder is kept and searched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
import pytest

from srm_portal.auctions import queries, services, sockets, store
from srm_portal.auctions.domain.profiles import PROFILES
from srm_portal.infra.realtime.fanout import with_members
from srm_portal.kernel.errors import Refused
from tests.support.factories.auctions import LiveAuction, a_live_auction, time_passes
from tests.support.world import World

RIVALS = (1, 2, 3)
RESERVE = Decimal("776655.44")
CLOCKS: dict[str, dict[str, Any]] = {
    "dutch_fast": {"start": Decimal(400_000), "step": Decimal(10_000), "cap": Decimal(900_000), "tick_s": 30},
    "japanese": {"start": Decimal(900_000), "step": Decimal(10_000), "tick_s": 30, "min_active": 1},
}
ROUNDS_START = ("990111.11", "980222.22", "970333.33", "960444.44")


@dataclass
class Page:
    """One bidder's screen: what it was first shown, kept up by pushes alone, as the page's script does."""

    world: World
    auction: LiveAuction
    place: int
    view: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    @property
    def alias(self) -> str:
        return "ABCD"[self.place]

    @property
    def known(self) -> store.Live:
        return store.live(self.auction.id)

    def load(self) -> dict[str, Any]:
        """A fresh load: what joining answers."""
        answer = sockets._join(self.auction.bidders[self.place], {"auction": self.auction.id}, self.world.now)
        return orjson.loads(orjson.dumps(answer.reply))  # type: ignore[no-any-return]

    def hear(self) -> None:
        """What the fan-out sends now, if anything; and the heartbeat."""
        beat = sockets._tick(f"auction:{self.auction.id}")
        self.told.append(orjson.dumps(beat).decode())
        sent = sockets.render(f"auction:{self.auction.id}")
        assert sent is not None and sent.personal is not None
        if "bidder" in sent.shared:
            frame = with_members(sent.shared["bidder"], sent.personal("bidder", self.alias))
            self.told.append(frame.decode())
            self.take(orjson.loads(frame))

    def take(self, view: dict[str, Any]) -> None:
        if self.view and view["version"] < self.view["version"]:
            return
        for name, part in view["mine"].items():
            older = self.view["mine"][name]["log"] if self.view else []
            fresh = {(line["seq"], line["kind"]) for line in part["log"]}
            log = part["log"] + [line for line in older if (line["seq"], line["kind"]) not in fresh]
            view["mine"][name] = (self.view["mine"][name] if self.view else {}) | part | {"log": log}
        self.view = self.view | view

    def act(self, deed: Callable[[], Any]) -> None:
        """Something of one's own; the answer is kept, a refusal too."""
        try:
            receipt = deed()
        except Refused as refused:
            self.told.append(f"{refused.code} {refused.facts}")
            return
        answer = sockets._receipt(self.auction.bidders[self.place], receipt)
        self.told.append(orjson.dumps(answer, default=str).decode())
        self.take(orjson.loads(orjson.dumps(answer["view"])))

    def look(self) -> None:
        client = self.world.client_of(self.auction.bidders[self.place])
        self.told.append(client.get(f"/s/auctions/{self.auction.id}").text)
        self.told.append(orjson.dumps(self.load()).decode())


@dataclass
class Played:
    """One auction under way: who bid what."""

    world: World
    auction: LiveAuction
    me: Page
    hidden: list[str] = field(default_factory=list)

    def bid(self, place: int, amount: str) -> None:
        def deed() -> Any:
            who, key = self.auction.bidders[place], f"key-{place}-{len(self.hidden)}-{self.world.now.timestamp()}"
            return services.place_bid(who, self.auction.id, "L1", amount, key=key, confirm=True, now=self.world.now)

        if place == self.me.place:
            self.me.act(deed)
        else:
            self.hidden.append(amount)
            _or_not(deed)
        self.me.hear()

    def accept(self, place: int) -> None:
        def deed() -> Any:
            tick = self.clock()["tick"]
            who, key = self.auction.bidders[place], f"key-{place}-{tick}"
            return services.accept_price(who, self.auction.id, "L1", tick, key=key, now=self.world.now)

        self.me.act(deed) if place == self.me.place else _or_not(deed)
        self.me.hear()

    def clock(self) -> dict[str, Any]:
        found = queries.shared_view(self.me.known, self.world.now)["lots"][0]["clock"]
        return found or {"tick": 0}


def _or_not(deed: Callable[[], Any]) -> None:
    try:
        deed()
    except Refused:
        return


def begun(world: World, profile: str) -> Played:
    rules = CLOCKS.get(profile, {"reserve": RESERVE})
    if profile == "fair_rounds":
        rules = {}
    auction = a_live_auction(world, bidders=4, profile=profile, minutes=4, **rules)
    me = Page(world, auction, 0)
    me.take(me.load())
    return Played(world, auction, me)


def played(world: World, profile: str, check: Callable[[Played], None]) -> Played:
    """To its end, `check` after every step."""
    game = begun(world, profile)
    if profile in CLOCKS:
        for number in range(3):
            for place in (1, 0, 2) if profile == "japanese" else (0,) if number == 2 else ():
                game.accept(place)
                check(game)
            time_passes(world, 30)
            game.me.hear()
            check(game)
    elif profile == "fair_rounds":
        for number in range(24):
            time_passes(world, 60)
            state = game.me.known.state
            from srm_portal.auctions.domain.bidding import whose_turn

            if (turn := whose_turn(state, state.lots["L1"], world.now)) is not None:
                game.bid("ABCD".index(turn), f"{900_000 - 1234 * number}.37")
            check(game)
    else:
        level = 900_000
        for number in range(8):
            level -= 10_111
            game.bid(number % 4, f"{level}.{number}3")
            check(game)
        services.pause(world.buyer, game.auction.id, reason="a question", now=world.now)
        game.me.hear()
        check(game)
        services.resume(world.buyer, game.auction.id, now=world.now)
        game.me.hear()
    game.me.look()
    time_passes(world, 2500 if profile == "fair_rounds" else 400)
    if profile == "sealed_then_live":
        services.open_seals(world.buyer, game.auction.id, now=world.now)
        time_passes(world, 8)
    game.me.hear()
    check(game)
    game.me.look()
    return game


def without_curve(view: dict[str, Any]) -> dict[str, Any]:
    """The curve is drawn from the first load and from what the page has seen since."""
    mine = {name: {key: part for key, part in one.items() if key != "history"} for name, one in view["mine"].items()}
    return {key: part for key, part in view.items() if key != "server_ms"} | {"mine": mine}


def settled(view: dict[str, Any]) -> dict[str, Any]:
    """What the page itself works out from the clock it was sent is left out: ends and prices of ticks."""
    lots = [
        {key: part for key, part in lot.items() if key not in ("ends_ms", "clock", "state")} for lot in view["lots"]
    ]
    return without_curve(view) | {"lots": lots}


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_pushes_on_an_old_page_equal_a_fresh_load(world: World, profile: str) -> None:
    quiet = profile in ("japanese", "sealed_then_live")

    def same(game: Played) -> None:
        trim = settled if quiet or profile in CLOCKS or profile == "fair_rounds" else without_curve
        kept, fresh = trim(game.me.view), trim(game.me.load())
        if profile in ("japanese", "fair_rounds"):
            for view in (kept, fresh):
                for part in view["mine"].values():
                    part.pop("active", None)
                    part.pop("turn", None)
        assert kept == fresh

    played(world, profile, same)


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_nothing_a_bidder_gets_holds_a_hidden_amount_or_a_rivals_name(
    world: World, profile: str, letters: list[Any]
) -> None:
    game = played(world, profile, lambda _game: None)
    world.run_jobs()
    mine = game.auction.bidders[0]
    text = "\n".join([*game.me.told, *(str(letter) for letter in letters)])
    shown = PROFILES[profile].visibility
    hidden: list[str] = [] if shown.lead_price or shown.history else [one.partition(".")[0] for one in game.hidden]
    hidden.append("776655")
    hidden += [person.supplier_id or "" for person in game.auction.bidders[1:]]
    hidden += [person.user_id for person in game.auction.bidders[1:]]
    hidden += [f"Bidder {name} Works" for name in "BCD"]
    spelled = text.replace(",", "").replace("\u202f", "").replace("\u00a0", "")
    assert [one for one in hidden if one in spelled] == []
    assert mine.supplier_id is not None


@pytest.mark.parametrize("profile", ["japanese", "sealed_then_live"])
def test_a_rivals_act_that_is_hidden_changes_no_byte_of_the_screen(world: World, profile: str) -> None:
    game = begun(world, profile)
    sockets.render(f"auction:{game.auction.id}")

    def screen() -> list[Any]:
        page = game.me.load()
        return [page, sockets._tick(f"auction:{game.auction.id}")]

    before = screen()
    for place in RIVALS:
        game.accept(place) if profile == "japanese" else game.bid(place, f"80{place}000")
    assert screen() == before
    sent = sockets.render(f"auction:{game.auction.id}")
    assert sent is not None and "bidder" not in sent.shared, "not even that something happened is told"
    assert "staff" in sent.shared
