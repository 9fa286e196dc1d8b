"""What each profile fills in, for the set-up page: which settings it uses, and the values of empty fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from srm_portal.auctions.domain.profiles import PROFILES
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.rules_writing import VISIBLE
from srm_portal.auctions.services import directions
from srm_portal.web import formats
from srm_portal.web.i18n import language


def profile_facts() -> dict[str, dict[str, Any]]:
    """For the page's script: `uses` (groups of fields), `values` (placeholders), `shown` (boxes ticked)."""
    return {
        name: {
            "uses": sorted(_uses(name, rules)),
            "values": _values(rules),
            "shown": [flag for flag in VISIBLE if getattr(rules.visibility, flag)],
        }
        for name, rules in PROFILES.items()
    }


def _uses(name: str, rules: Rules) -> set[str]:
    groups = {rules.format, f"metric-{rules.metric}", "clock" if rules.has_clock else "typed"}
    groups |= {"sells"} if len(directions(name)) > 1 else set()
    groups |= {"package"} if not rules.has_clock and rules.metric == "price" else set()
    return groups | ({"overtime"} if rules.format in ("english", "sealed") else set())


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else formats.number(Decimal(value), language())


def _values(rules: Rules) -> dict[str, str]:
    clock = rules.dutch or rules.japanese
    overtime = rules.extension
    return {
        "decrement": _number(rules.decrement.amount),
        "decrement_percent": _number(rules.decrement.percent),
        "max_change_percent": _number(rules.max_change_percent),
        "window_s": str(overtime.window_s) if overtime else "",
        "hard_stop_min": str(overtime.hard_stop_s // 60) if overtime else "",
        "prebid_min": str(rules.prebid_s // 60),
        "review_min": str(rules.review_s // 60),
        "tick_s": str(clock.tick_s) if rules.has_clock and clock else "",
        "min_active": str(rules.japanese.min_active) if rules.japanese else "",
        "live_percent": _number(rules.closed_then_open_percent),
        "price_weight": "60",
    }
