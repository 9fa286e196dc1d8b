"""The award file as JSON Schema (draft 2020-12), published by `srm-portal schema award`."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_AMOUNT: Schema = {"anyOf": [{"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"}, {"type": "integer", "minimum": 0}]}
_ID: Schema = {"type": "string", "minLength": 1}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _rule(kinds: list[str], properties: Schema, required: list[str]) -> Schema:
    return _object({"kind": {"enum": kinds}, **properties}, ["kind", *required])


_COUNT: Schema = {"type": "integer", "minimum": 0}
_WHOSE: Schema = {"supplier": _maybe(_ID), "group": _maybe(_ID)}

_CONSTRAINT: Schema = {
    "oneOf": [
        _rule(
            ["max_suppliers", "min_suppliers", "max_suppliers_per_lot", "min_suppliers_per_lot"],
            {"value": _COUNT},
            ["value"],
        ),
        _rule(["max_share", "min_share"], {"value": _AMOUNT, **_WHOSE}, ["value"]),
        _rule(["min_share_if_used", "min_quality"], {"value": _AMOUNT}, ["value"]),
        _rule(["fix"], {"lot": _ID, "supplier": _ID}, ["lot", "supplier"]),
        _rule(["exclude"], {"supplier": _ID, "lot": _maybe(_ID)}, ["supplier"]),
    ]
}

_LOT = _object({"id": _ID, "quantity": _AMOUNT, "baseline": _maybe(_AMOUNT), "incumbent": _maybe(_ID)}, ["id"])
_SUPPLIER = _object(
    {"id": _ID, "fixed_cost": _AMOUNT, "capacity": _maybe(_AMOUNT), "quality": _AMOUNT, "groups": _list(_ID)}, ["id"]
)
_OFFER = _object(
    {"supplier": _ID, "lot": _ID, "price": _AMOUNT, "capacity_use": _maybe(_AMOUNT)}, ["supplier", "lot", "price"]
)
_PACKAGE = _object(
    {
        "id": _ID,
        "supplier": _ID,
        "lots": _list(_ID, minItems=1, uniqueItems=True),
        "price": _AMOUNT,
        "xor_group": _maybe(_ID),
    },
    ["id", "supplier", "lots", "price"],
)
_DISCOUNT = _object(
    {
        "supplier": _ID,
        "kind": {"enum": ["all_units", "incremental"]},
        "tiers": _list(_object({"from": _AMOUNT, "percent": _AMOUNT}, ["from", "percent"])),
    },
    ["supplier", "kind", "tiers"],
)
_OBJECTIVE: Schema = {
    "oneOf": [
        _object({"kind": {"const": "cost"}}, ["kind"]),
        _object(
            {"kind": {"const": "weighted"}, "price_weight": _AMOUNT, "quality_weight": _AMOUNT},
            ["kind", "price_weight", "quality_weight"],
        ),
    ]
}
_LIMITS = _object(
    {
        "seconds": {"anyOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": 86400}, _AMOUNT]},
        "gap": _AMOUNT,
    },
    [],
)

AWARD: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Award file",
    **_object(
        {
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "lots": _list(_LOT),
            "suppliers": _list(_SUPPLIER),
            "offers": _list(_OFFER),
            "packages": _list(_PACKAGE),
            "award": {"enum": ["single", "split"]},
            "coverage": {"enum": ["exactly", "at_least"]},
            "split": _maybe(_object({"share_min": _AMOUNT, "share_max": _AMOUNT}, [])),
            "constraints": _list(_CONSTRAINT),
            "switching_cost_rate": _AMOUNT,
            "discounts": _list(_DISCOUNT),
            "objective": _OBJECTIVE,
            "limits": _LIMITS,
        },
        ["currency", "lots", "suppliers", "offers"],
    ),
}
