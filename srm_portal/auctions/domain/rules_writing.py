"""Rules, lots and bidders written as the JSON of the replay contract, and the rules' hash (R2)."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.rules import (
    Bidder,
    DutchClock,
    Extension,
    JapaneseClock,
    Lot,
    Rules,
    Tier,
    Turns,
    Visibility,
)

VISIBLE = {name: getattr(Visibility(), name) for name in Visibility.__dataclass_fields__}
"""The switches of `visibility` with their defaults."""


def rules_to_json(rules: Rules) -> dict[str, Any]:
    """Every field of the rules in the contract's form; `rules_from_json` gives the same rules again."""
    step, timing = rules.decrement, rules.lots_timing
    return {
        "format": rules.format,
        "direction": rules.direction,
        "currency": rules.currency,
        "tick": _plain(rules.tick),
        "decrement": {
            "amount": _plain(step.amount),
            "percent": _text(step.percent),
            "tiers": None if step.tiers is None else [_tier_json(each) for each in step.tiers],
            "combine": step.combine,
            "base": step.base,
        },
        "max_change_percent": _text(rules.max_change_percent),
        "lead_buffer": _text(rules.lead_buffer),
        "leader_may_improve": rules.leader_may_improve,
        "ties": rules.ties,
        "tie_chain": list(rules.tie_chain),
        "metric": {"kind": rules.metric},
        "extension": _extension_json(rules.extension),
        "lots_timing": {
            "kind": timing.kind,
            "gap_s": timing.gap_s,
            "spacing_s": timing.spacing_s,
            "min_gap_s": timing.min_gap_s,
            "increment_s": timing.increment_s,
        },
        "resume_min_s": rules.resume_min_s,
        "visibility": {name: getattr(rules.visibility, name) for name in VISIBLE},
        "dutch": _dutch_json(rules.dutch),
        "japanese": _japanese_json(rules.japanese),
        "rounds": _turns_json(rules.rounds),
        "qualification_price": _text(rules.qualification_price),
        "limits": {"min": _text(rules.limits.min), "max": _text(rules.limits.max)},
        "packages": [{"id": each.id, "lots": list(each.lots)} for each in rules.packages],
        "closed_then_open": None
        if rules.closed_then_open_percent is None
        else {"percent": _plain(rules.closed_then_open_percent)},
        "outage_grace_s": rules.outage_grace_s,
        "review_s": rules.review_s,
        "prebid_s": rules.prebid_s,
        "without_tax": rules.without_tax,
        "practice": rules.practice,
        "terms_first": rules.terms_first,
    }


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _text(value: Decimal | None) -> str | None:
    return None if value is None else _plain(value)


def _tier_json(tier: Tier) -> dict[str, Any]:
    return {"from": _text(tier.floor), "up_to": _text(tier.top), "amount": _plain(tier.amount)}


def _extension_json(each: Extension | None) -> dict[str, Any] | None:
    if each is None:
        return None
    return {
        "mode": each.mode,
        "window_s": each.window_s,
        "length_s": each.length_s,
        "trigger": {"rank": each.trigger} if isinstance(each.trigger, int) else each.trigger,
        "scope": each.scope,
        "max_count": each.max_count,
        "hard_stop_s": each.hard_stop_s,
    }


def _dutch_json(clock: DutchClock | None) -> dict[str, Any] | None:
    if clock is None:
        return None
    prices = {name: _plain(getattr(clock, name)) for name in ("start", "step", "cap")}
    return {**prices, "tick_s": clock.tick_s, "winners": clock.winners, "partial": clock.partial}


def _japanese_json(clock: JapaneseClock | None) -> dict[str, Any] | None:
    if clock is None:
        return None
    names = ("start", "step_amount", "step_percent_of_start", "step_percent_of_latest", "target")
    prices = {name: _text(getattr(clock, name)) for name in names}
    return {**prices, "tick_s": clock.tick_s, "min_active": clock.min_active}


def _turns_json(turns: Turns | None) -> dict[str, Any] | None:
    names = ("count", "turn_s", "first_pause_s", "pause_s", "announce_s")
    return None if turns is None else {name: getattr(turns, name) for name in names}


def lot_to_json(lot: Lot) -> dict[str, Any]:
    scale = lot.weighted
    return {
        "id": lot.id,
        "open": moment_text(lot.open),
        "close": moment_text(lot.close),
        "ceiling": _text(lot.ceiling),
        "reserve": _text(lot.reserve),
        "quantity": _plain(lot.quantity),
        "weighted": None
        if scale is None
        else {"C": _plain(scale.ceiling), "F": _plain(scale.floor), "price_weight": _plain(scale.price_weight)},
    }


def bidder_to_json(bidder: Bidder) -> dict[str, Any]:
    return {
        "id": bidder.id,
        "factor": _plain(bidder.factor),
        "addition": _plain(bidder.addition),
        "quality": _plain(bidder.quality),
        "features": [_plain(each) for each in bidder.features],
        "feature_maxima": [_plain(each) for each in bidder.feature_maxima],
        "costs": _plain(bidder.costs),
        "start_price": _text(bidder.start_price),
    }


@lru_cache(maxsize=256)
def rules_sha256(rules: Rules) -> str:
    """R2: SHA-256 over the rules' canonical JSON (sorted keys, no blanks, UTF-8), shown when terms are accepted."""
    text = json.dumps(rules_to_json(rules), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
