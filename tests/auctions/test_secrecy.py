"""What a bidder is sent: never a rival's name, id or hidden amount, never the customer's price; and pushes add up."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import orjson
import pytest

from srm_portal.auctions import queries, services, sockets, store
from srm_portal.kernel.errors import Refused
from srm_portal.sourcing import services as sourcing
from tests.support.factories.auctions import LiveAuction, a_live_auction, bid, time_passes
from tests.support.factories.sourcing import a_need
from tests.support.world import World

RIVAL = "987654.32"
CUSTOMER = "1234567"


def frames(auction: LiveAuction, alias: str) -> str:
    view = sockets.render(f"auction:{auction.id}")
    assert view is not None and view.personal is not None
    return (view.shared["bidder"] + view.personal("bidder", alias)).decode()


def an_auction_with_secrets(world: World) -> LiveAuction:
    project_id = a_need(world, customer_price=Decimal(CUSTOMER))
    sourcing.submit_need(world.buyer, project_id, now=world.now)
    sourcing.approve_need(world.manager, project_id, now=world.now)
    return a_live_auction(world, minutes=3, project_id=project_id, reserve=Decimal("876543.21"))


def test_nothing_a_bidder_gets_holds_what_the_rules_hide(world: World) -> None:
    auction = an_auction_with_secrets(world)
    me = auction.bidders[0]
    client = world.client_of(me)
    seen: list[str] = []

    def look() -> None:
        seen.append(client.get(f"/s/auctions/{auction.id}").text)
        seen.append(frames(auction, "A"))
        seen.append(orjson.dumps(sockets._join(me, {"auction": auction.id}, world.now).reply).decode())

    look()
    bid(world, auction, 1, RIVAL)
    look()
    seen.append(json.dumps(sockets._bid(me, data(auction, "999999"), world.now), default=str))
    with pytest.raises(Refused) as refused:
        sockets._bid(me, data(auction, "999998.50"), world.now)
    seen.append(str(refused.value.facts))
    bid(world, auction, 2, "912345.67")
    look()
    time_passes(world, 200)
    look()
    text = "".join(seen)
    hidden = [RIVAL, "987654", "987,654", "912345", "912,345", CUSTOMER, "1,234,567", "876543", "876,543"]
    hidden += [person.supplier_id or "" for person in auction.bidders[1:]]
    hidden += [person.user_id for person in auction.bidders[1:]] + ["Bidder B Works", "Bidder C Works"]
    assert [one for one in hidden if one in text] == []
    assert "999999" in text


def data(auction: LiveAuction, amount: str) -> dict[str, Any]:
    return {"auction": auction.id, "lot": "L1", "amount": amount, "request_id": amount}


def test_the_buyer_sees_the_customers_price_and_the_margin(world: World) -> None:
    auction = an_auction_with_secrets(world)
    bid(world, auction, 1, RIVAL)
    page = world.client_of(world.buyer).get(f"/auctions/{auction.id}").text
    assert "€1,234,567.00" in page
    assert "20.0%" in page


def test_pushed_views_on_an_old_page_equal_a_fresh_load(world: World) -> None:
    auction = a_live_auction(world, bidders=4, profile="open_lead", minutes=3)
    known = store.live(auction.id)
    page = queries.snapshot(known, "A", world.now)

    def push() -> None:
        view = queries.own_view(known, "A", world.now)
        for name, part in view["mine"].items():
            older = page["mine"][name]["log"]
            fresh = {(line["seq"], line["kind"]) for line in part["log"]}
            log = part["log"] + [line for line in older if (line["seq"], line["kind"]) not in fresh]
            page["mine"][name] = page["mine"][name] | part | {"log": log}
        page.update({key: value for key, value in view.items() if key != "mine"})

    def fresh() -> dict[str, Any]:
        view = queries.snapshot(known, "A", world.now)
        return without_history(view)

    for place, amount in ((0, "1000"), (1, "990"), (0, "980"), (2, "970"), (3, "960")):
        bid(world, auction, place, amount)
        push()
        assert without_history(page) == fresh()
    services.pause(world.buyer, auction.id, reason="a question", now=world.now)
    push()
    assert without_history(page) == fresh()
    services.resume(world.buyer, auction.id, now=world.now)
    time_passes(world, 400)
    push()
    assert without_history(page) == fresh()


def without_history(view: dict[str, Any]) -> dict[str, Any]:
    mine = {name: {k: v for k, v in part.items() if k != "history"} for name, part in view["mine"].items()}
    return view | {"mine": mine}
