"""Reading the category tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from srm_portal.infra.db import db
from srm_portal.suppliers.models import Category

CHOICES_MAX = 600
"""A longer list is cut at the upper levels: nobody reads ten thousand lines of a choice."""


@dataclass(frozen=True, slots=True)
class CategoryView:
    scheme: str
    code: str
    parent: str
    level: int
    labels: dict[str, str]

    def label(self, language: str) -> str:
        """In the language, else in English, else the code alone."""
        return self.labels.get(language) or self.labels.get("en") or self.code


def _view(row: Category) -> CategoryView:
    return CategoryView(row.scheme, row.code, row.parent, row.level, dict(row.labels))


def categories() -> list[CategoryView]:
    """The whole tree in the order of its codes."""
    return [_view(row) for row in db.session.scalars(select(Category).order_by(Category.code))]


def category(code: str) -> CategoryView | None:
    row = db.session.scalar(select(Category).where(Category.code == code))
    return _view(row) if row is not None else None


def labels(codes: Iterable[str], language: str) -> dict[str, str]:
    """code -> label for several codes at once; an unknown code is its own label."""
    wanted = set(codes)
    found = {code: code for code in wanted}
    if wanted:
        rows = db.session.scalars(select(Category).where(Category.code.in_(wanted)))
        found |= {row.code: _view(row).label(language) for row in rows}
    return found


def label(code: str, language: str) -> str:
    return labels([code], language)[code] if code else ""


def choices(language: str, selected: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(code, "code label") for a choice, in the order of the tree; of a long tree the upper levels and `selected`."""
    few = select(func.count()).select_from(Category).scalar_subquery() <= CHOICES_MAX
    query = select(Category).where(few | (Category.level <= 3) | Category.code.in_(list(selected)))
    query = query.order_by(Category.code)
    return [(row.code, f"{row.code} {_view(row).label(language)}") for row in db.session.scalars(query)]
