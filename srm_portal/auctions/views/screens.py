"""A bidder's screen as data for the templates: live, as an example before the start, or as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from srm_portal.auctions import queries
from srm_portal.auctions.store import Live
from srm_portal.web.zone import zone_info

OPTIONAL = (
    "rank", "leading", "of", "best", "lead", "gap", "limit", "step", "sealed", "live", "prebid", "outside", "turn", "won",
    "active", "clock", "reserve_met", "proxy", "history", "max_change", "url",
)  # fmt: skip
"""What a screen may lack because the rules hide it or the format has none: None in templates, absent in what is sent."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a screen."""

    auction_id: str
    title: str
    reference: str
    buyer: str
    practice: bool = False
    simulated: bool = False


def line_words(line: dict[str, Any]) -> str:
    """A line of the activity list for pages without script."""
    if line["kind"] == "bid":
        return _("Your bid") if line["own"] else _("Another bidder")
    words = {
        "extension": _("Time extended"),
        "pause": _("Paused"),
        "resume": _("Resumed"),
        "open": _("Opened"),
        "close": _("Closed"),
        "removed": _("Your bid was removed"),
        "withdrawn": _("Your bid was withdrawn"),
    }
    return words[line["kind"]]


def clock_text(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(zone_info()).strftime("%H:%M:%S")


def left_text(milliseconds: int) -> str:
    """Minutes and seconds that remain, hours where there are some."""
    total = max(0, -(-milliseconds // 1000))
    hours, rest = divmod(total, 3600)
    return (f"{hours}:" if hours else "") + f"{rest // 60:02d}:{rest % 60:02d}"


def lots_shown(known: Live, view: dict[str, Any], auction_id: str) -> list[dict[str, Any]]:
    """The view's lots as a page needs them: own part inside, times and log as text."""
    lots = []
    for lot in view["lots"]:
        own = view["mine"][lot["id"]]
        log = [line | {"at_text": clock_text(line["at_ms"]), "text": line_words(line)} for line in own["log"]]
        for line in log:
            line["amount"] = Decimal(line["amount"]) if line.get("amount") else None
        shown = dict.fromkeys(OPTIONAL) | lot | own | {"log": log}
        if auction_id:
            shown["url"] = url_for("auctions.room", auction_id=auction_id, lot=lot["id"])
        shown["title"] = str(known.lot_facts[lot["id"]]["title"] or known.title)
        shown["name"] = _("Lot %(number)s", number=lot["number"])
        shown["ends_text"] = clock_text(lot["ends_ms"])
        until = lot["clock"]["until_ms"] if lot.get("clock") else lot["ends_ms"]
        shown["left_text"] = left_text(until - view["server_ms"])
        shown["own_text"] = Decimal(own["own"]) if own["own"] else None
        lots.append(shown)
    return lots


def screen(known: Live, alias: str, at: datetime, heading: Heading, lot: str = "") -> dict[str, Any]:
    """One bidder's whole screen at a moment, from the same snapshot that the live room is sent."""
    view = queries.snapshot(known, alias, at)
    lots = lots_shown(known, view, "")
    chosen = next((each for each in lots if each["id"] == lot), lots[0])
    return {
        "lots": lots,
        "lot": chosen["id"],
        "view": view,
        "state": view["state"],
        "paused_by": view["paused_by"],
        "packages": view["packages"],
        "server_ms": view["server_ms"],
        "at_text": clock_text(view["server_ms"]),
        "title": heading.title,
        "buyer": heading.buyer,
        "reference": heading.reference,
        "practice": heading.practice,
        "simulated": heading.simulated,
        "format": known.state.rules.format,
        "without_tax": known.state.rules.without_tax,
    }
