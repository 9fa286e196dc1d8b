"""What is said of a table as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from srm_portal.kernel.errors import FieldProblem

rowless = frozenset({"column_missing", "column_twice"})
"""Faults of the headings: no row can be read."""


def ignored(columns: Iterable[str], sheets: Iterable[str] = ()) -> tuple[FieldProblem, ...]:
    """Columns and sheets that were passed over, by name."""
    return (
        *(FieldProblem("file", "column_ignored", value=name) for name in columns),
        *(FieldProblem("file", "sheet_ignored", value=name) for name in sheets),
    )
