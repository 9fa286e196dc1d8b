"""JSON Schema of the scoring file, as `srm-portal schema score` prints it."""

from __future__ import annotations

from typing import Any

from srm_portal.evaluation.domain.score_input import METHODS, VALUE_FIELDS
from srm_portal.evaluation.domain.scoring_file import MISSING, NORMALISATIONS, SHAPES
from srm_portal.evaluation.domain.smaa import SAMPLES_MAX
from srm_portal.evaluation.domain.weight_file import DERIVATIONS

_NUMBER = {"$ref": "#/$defs/number"}
_NUMBERS = {"type": "array", "items": _NUMBER}
_OPTIONAL = {"exponential": ("worst", "best")}


def _object(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    held: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**held, "required": list(required)} if required else held


def _value_field(name: str) -> dict[str, Any]:
    if name == "values":
        return {"type": "object", "minProperties": 1, "additionalProperties": _NUMBER}
    return {**_NUMBERS, "minItems": 2} if name in ("xs", "vs") else _NUMBER


def _value(kind: str) -> dict[str, Any]:
    names = VALUE_FIELDS[kind]
    required = tuple(name for name in names if name not in _OPTIONAL.get(kind, ()))
    return _object({"kind": {"const": kind}, **{name: _value_field(name) for name in names}}, ("kind", *required))


SCORE: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Scoring file",
    "description": "Alternatives on weighted criteria, or a request for weights alone.",
    **_object(
        {
            "method": {"enum": list(METHODS)},
            "alternatives": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
            "criteria": {"$ref": "#/$defs/criteria"},
            "matrix": {
                "description": "One row for each alternative, one entry for each leaf criterion; for ahp_weights the "
                "comparisons. null is a missing mark.",
                "type": "array",
                "items": {"type": "array", "items": {"type": ["string", "number", "boolean", "null"]}},
            },
            "parameters": {"$ref": "#/$defs/parameters"},
            "sensitivity": {"anyOf": [{"$ref": "#/$defs/sensitivity"}, {"type": "null"}]},
        },
        ("method", "criteria"),
    ),
    "$defs": {
        "number": {
            "description": "A decimal number, as text so that it stays exact.",
            "anyOf": [
                {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$", "maxLength": 60},
                {"type": "number"},
            ],
        },
        "criteria": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/criterion"}},
        "criterion": _object(
            {
                "name": {"type": "string", "minLength": 1},
                "direction": {"enum": ["max", "min"]},
                "weight": _NUMBER,
                "value": {"oneOf": [_value(kind) for kind in VALUE_FIELDS]},
                "knock_out": _object(
                    {
                        "min": _NUMBER,
                        "max": _NUMBER,
                        "must": {"description": "The answer, or the answers, that are accepted."},
                        "min_score": {"description": "Least value (0..1) after scoring; also on groups.", **_NUMBER},
                    }
                ),
                "children": {"$ref": "#/$defs/criteria"},
            },
            ("name",),
        ),
        "preference": _object({"kind": {"enum": list(SHAPES)}, "q": _NUMBER, "p": _NUMBER, "s": _NUMBER}, ("kind",)),
        "parameters": _object(
            {
                "missing": {"description": "weighted_sum: what a missing mark means.", "enum": list(MISSING)},
                "normalisation": {"enum": list(NORMALISATIONS)},
                "v": _NUMBER,
                "preferences": {"type": "array", "items": {"$ref": "#/$defs/preference"}},
                "derivation": {"enum": list(DERIVATIONS)},
                "best": {"type": "integer", "minimum": 0},
                "worst": {"type": "integer", "minimum": 0},
                "best_to_others": _NUMBERS,
                "others_to_worst": _NUMBERS,
            }
        ),
        "sensitivity": _object(
            {
                "intervals": {"type": "boolean"},
                "smaa": _object(
                    {
                        "samples": {"type": "integer", "minimum": 1, "maximum": SAMPLES_MAX},
                        "seed": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
                    },
                    ("samples", "seed"),
                ),
            }
        ),
    },
}
