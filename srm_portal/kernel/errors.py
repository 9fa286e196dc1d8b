"""Refusals as facts. The domain names a code and its facts; `web/errors.py` owns the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class InputError(ValueError):
    """A document or call is wrong: names the field and what would be right (exit status 2)."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(f"{field}: {remedy}")
        self.field = field
        self.remedy = remedy


@dataclass(frozen=True)
class FieldProblem:
    """One wrong value in a form or an import: where it stands, and which fact is broken."""

    field: str
    code: str
    row: int | None = None
    value: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class Refused(Exception):
    """A use case said no. `code` is a fact in snake case, `facts` fill the sentence shown."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Invalid(Refused):
    """Typed or imported values are wrong; nothing was changed."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("invalid")
        self.problems = problems


class NotFound(Exception):
    """Absent, or not for this actor: the two are never told apart."""


class Forbidden(Exception):
    """The actor may know of the object, but not do this to it (four eyes, authority limit)."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Stale(Exception):
    """Somebody else saved first. Carries both versions: field -> (theirs, yours)."""

    def __init__(self, differences: dict[str, tuple[str, str]] | None = None) -> None:
        super().__init__("stale")
        self.differences = differences or {}


class Outdated(Exception):
    """A program meant its change for an older state of the record than the one that stands."""
