"""Frozen values as plain JSON values: amounts as texts, moments as texts, what says nothing left out."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from srm_portal.kernel.canonical import moment_text
from srm_portal.kernel.money import Money, plain


def plain_values(value: object) -> Any:
    """A dataclass becomes an object without its empty members, a tuple a list.

    Raises TypeError for what has no plain form.
    """
    if isinstance(value, Money):
        return {"amount": plain(value.amount), "currency": value.currency}
    if is_dataclass(value) and not isinstance(value, type):
        members = ((field.name, plain_values(getattr(value, field.name))) for field in fields(value))
        return {name: member for name, member in members if member not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [plain_values(member) for member in value]
    if isinstance(value, dict):
        return {str(key): plain_values(member) for key, member in value.items()}
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, bool, int)):
        return value
    raise TypeError(f"no plain form: {type(value).__name__}")
