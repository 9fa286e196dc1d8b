"""JSON Schema of the auction replay file, as `srm-portal schema auction-replay` prints it."""

from __future__ import annotations

from typing import Any

from srm_portal.auctions.domain.commands import BIDDER_ACTS, BUYER_ACTS
from srm_portal.auctions.domain.rules_reading import DIRECTIONS, FORMATS, METRICS, TIES, TRIGGERS
from srm_portal.auctions.domain.rules_writing import VISIBLE


def _maybe(schema: dict[str, Any]) -> dict[str, Any]:
    """A null field is the same as an absent one."""
    return {"anyOf": [schema, {"type": "null"}]}


def _object(properties: dict[str, dict[str, Any]], required: tuple[str, ...] = ()) -> dict[str, Any]:
    held = {name: each if name in required else _maybe(each) for name, each in properties.items()}
    found: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": held}
    return {**found, "required": list(required)} if required else found


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _choice(options: tuple[str, ...]) -> dict[str, Any]:
    return {"enum": list(options)}


_DECIMAL = {"$ref": "#/$defs/decimal"}
_MOMENT = {"$ref": "#/$defs/moment"}
_WHOLE = {"type": "integer", "minimum": 0}
_COUNT = {"type": "integer", "minimum": 1}
_FLAG = {"type": "boolean"}
_NAME = {"type": "string", "minLength": 1}
_TEXT = {"type": "string"}
_ANYTHING: dict[str, Any] = {"description": "A wrong value is a refused outcome, not a malformed file."}

_DECREMENT = _object(
    {
        "amount": _DECIMAL,
        "percent": _DECIMAL,
        "tiers": _list(
            {
                "anyOf": [
                    _object({"from": _DECIMAL, "up_to": _DECIMAL, "amount": _DECIMAL}, ("amount",)),
                    {**_list(_DECIMAL), "minItems": 2, "maxItems": 2, "description": "[from, amount]"},
                ]
            }
        ),
        "combine": _choice(("larger", "smaller")),
        "base": _choice(("own", "leader", "next_rank")),
    }
)
_EXTENSION = _object(
    {
        "mode": _choice(("reset", "add", "receipt")),
        "window_s": _WHOLE,
        "length_s": _WHOLE,
        "trigger": {"anyOf": [_choice(TRIGGERS), _object({"rank": _COUNT})]},
        "scope": _choice(("lot", "all")),
        "max_count": _WHOLE,
        "hard_stop_s": _WHOLE,
    }
)
_TIMING = _object(
    {
        "kind": _choice(("parallel", "serial", "staggered")),
        "gap_s": _WHOLE,
        "spacing_s": _WHOLE,
        "min_gap_s": _WHOLE,
        "increment_s": _WHOLE,
    }
)
_DUTCH = _object(
    {"start": _DECIMAL, "step": _DECIMAL, "tick_s": _COUNT, "cap": _DECIMAL, "winners": _COUNT, "partial": _FLAG}
)
_JAPANESE = _object(
    {
        "start": _DECIMAL,
        "step_amount": _DECIMAL,
        "step_percent_of_start": _DECIMAL,
        "step_percent_of_latest": _DECIMAL,
        "tick_s": _COUNT,
        "min_active": _WHOLE,
        "target": _DECIMAL,
    }
)
_ROUNDS = _object({"count": _COUNT, "turn_s": _COUNT, "first_pause_s": _WHOLE, "pause_s": _WHOLE, "announce_s": _WHOLE})
_RULES = _object(
    {
        "format": _choice(FORMATS),
        "direction": _choice(DIRECTIONS),
        "currency": _NAME,
        "tick": _DECIMAL,
        "decrement": _DECREMENT,
        "max_change_percent": _DECIMAL,
        "lead_buffer": _DECIMAL,
        "leader_may_improve": _FLAG,
        "ties": _choice(TIES),
        "tie_chain": _list(_choice(("metric", "quality", "seq"))),
        "metric": _object({"kind": _choice(METRICS)}),
        "extension": _EXTENSION,
        "lots_timing": _TIMING,
        "resume_min_s": _WHOLE,
        "visibility": _object(dict.fromkeys(VISIBLE, _FLAG)),
        "dutch": _DUTCH,
        "japanese": _JAPANESE,
        "rounds": _ROUNDS,
        "qualification_price": _DECIMAL,
        "limits": _object({"min": _DECIMAL, "max": _DECIMAL}),
        "packages": _list(_object({"id": _NAME, "lots": _list(_NAME)})),
        "closed_then_open": _object({"percent": _DECIMAL}),
        "outage_grace_s": _WHOLE,
        "review_s": _WHOLE,
        "prebid_s": _WHOLE,
        "without_tax": _FLAG,
        "practice": _FLAG,
        "terms_first": _FLAG,
    }
)
_LOT = _object(
    {
        "id": _NAME,
        "open": _MOMENT,
        "close": _MOMENT,
        "ceiling": _DECIMAL,
        "reserve": _DECIMAL,
        "quantity": _DECIMAL,
        "weighted": _object({"C": _DECIMAL, "F": _DECIMAL, "price_weight": _DECIMAL}),
    }
)
_BIDDER = _object(
    {
        "id": _NAME,
        "factor": _DECIMAL,
        "addition": _DECIMAL,
        "quality": _DECIMAL,
        "features": _list(_DECIMAL),
        "feature_maxima": _list(_DECIMAL),
        "costs": _DECIMAL,
        "start_price": _DECIMAL,
    }
)
_COMMAND = _object(
    {
        "recv": _MOMENT,
        "by": _TEXT,
        "do": _choice(BIDDER_ACTS + BUYER_ACTS),
        "lot": _TEXT,
        "key": _TEXT,
        "amount": _ANYTHING,
        "confirm": _FLAG,
        "tick": {"type": "integer"},
        "quantity": _ANYTHING,
        "limit": _ANYTHING,
        "step": _ANYTHING,
        "seq": _WHOLE,
        "seconds": _WHOLE,
        "reason": _TEXT,
        "version": _WHOLE,
        "rules": {"$ref": "#/$defs/rules"},
        "until": _MOMENT,
        "surrogate_for": _TEXT,
        "bidder": _TEXT,
    }
)

AUCTION_REPLAY: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Auction replay file",
    "description": "The rules, lots, bidders and commands of an auction; an export also holds its outcomes.",
    **_object(
        {
            "version": {"const": 1},
            "rules": {"$ref": "#/$defs/rules"},
            "lots": _list(_LOT),
            "bidders": _list(_BIDDER),
            "commands": _list(_COMMAND),
            "outcomes": {"type": "array"},
            "log_sha256": _TEXT,
        }
    ),
    "$defs": {
        "rules": _RULES,
        "decimal": {
            "anyOf": [{"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$", "maxLength": 24}, {"type": "integer"}]
        },
        "moment": {"type": "string", "format": "date-time"},
    },
}
