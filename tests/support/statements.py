"""Counting SQL: a page needs the same number of statements for ten rows and for sixty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from srm_portal.infra.db import db

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@dataclass
class Statements:
    """What the database was asked, in order."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)

    def __str__(self) -> str:
        return "\n".join(f"{number}. {' '.join(text.split())[:300]}" for number, text in enumerate(self.texts, start=1))


@contextmanager
def count_statements() -> Iterator[Statements]:
    """Collect the statements run inside, without those that only frame a transaction."""
    found = Statements()

    def note(_connection: Any, _cursor: Any, text: str, _values: Any, _context: Any, _many: bool) -> None:
        if not text.lstrip().upper().startswith(_FRAME):
            found.texts.append(text)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
