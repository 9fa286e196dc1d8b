"""What answers of the interface look like, in JSON Schema: a few words to build them from."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
AMOUNT: Schema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ANY: Schema = {"type": "object"}


def one_of(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def record(title: str = "", /, **members: Schema) -> Schema:
    """An object with exactly these members; with a title it is described once and referred to."""
    found: Schema = {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }
    return {"title": title} | found if title else found


def page_of(name: str, schema: Schema) -> Schema:
    """One page of a list."""
    return record(**{"total": WHOLE, "page": WHOLE, "pages": WHOLE, name: many(schema)})


ERROR: Schema = {
    "title": "Error",
    "type": "object",
    "properties": {
        "code": TEXT,
        "text": TEXT,
        "facts": {"type": "object"},
        "differences": {"type": "object"},
    },
    "required": ["code"],
    "additionalProperties": False,
}
INVALID = record(
    "Invalid",
    code={"const": "invalid"},
    problems=many(record("Problem", field=TEXT, row=maybe(WHOLE), code=TEXT, text=TEXT)),
)
