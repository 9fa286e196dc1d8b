"""A pushed view applied to an old page equals a fresh load, for every format and every bidder."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from srm_portal.auctions import queries, store
from srm_portal.auctions.domain.profiles import PROFILES
from tests.auctions.test_set_up import CLOCKS
from tests.support.factories.auctions import a_draft_auction
from tests.support.world import World

LOG_MAX = 40


def applied(page: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    """What the room's script does with a push: every key of a lot anew, older lines of the log below the new ones."""
    lots = {}
    for lot in view["lots"]:
        old, own = page["lots"].get(lot["id"], {}), dict(view["mine"][lot["id"]])
        known = {(line["seq"], line["kind"]) for line in own["log"]}
        own["log"] = own["log"] + [line for line in old.get("log", []) if (line["seq"], line["kind"]) not in known]
        lots[lot["id"]] = {**old, **lot, **own}
    return {"state": view["state"], "version": view["version"], "lots": lots}


def fresh(snapshot: dict[str, Any]) -> dict[str, Any]:
    lots = {lot["id"]: lot | snapshot["mine"][lot["id"]] for lot in snapshot["lots"]}
    return {"state": snapshot["state"], "version": snapshot["version"], "lots": lots}


def without_curve(page: dict[str, Any]) -> dict[str, Any]:
    """The curve is drawn on by the page itself; everything else must be equal."""
    lots = {name: {key: value for key, value in lot.items() if key != "history"} for name, lot in page["lots"].items()}
    return page | {"lots": {name: lot | {"log": lot["log"][:LOG_MAX]} for name, lot in lots.items()}}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_push_on_an_old_page_equals_a_fresh_load(world: World, profile: str) -> None:
    draft = a_draft_auction(world, 4, profile=profile, lots=2, **CLOCKS.get(profile, {}))
    known = queries.unplayed(store.live(draft.id))
    opened = min(lot.open for lot in known.state.lots.values())
    pages = {alias: fresh(queries.snapshot(known, alias, opened - timedelta(seconds=1))) for alias in "ABCD"}
    heard = []

    def compare(at: datetime) -> None:
        heard.append(at)
        for alias in "ABCD":
            pages[alias] = applied(pages[alias], queries.own_view(known, alias, at))
            assert without_curve(pages[alias]) == without_curve(fresh(queries.snapshot(known, alias, at))), (alias, at)

    compare(queries.played(known, "closed", compare))
    assert len(heard) > 1
