"""The suppliers considered for a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from srm_portal.bidding_lists.domain.suggestions import Reason
from srm_portal.bidding_lists.models import Candidate
from srm_portal.infra.db import db
from srm_portal.infra.once import once


@dataclass(frozen=True, slots=True)
class CandidateView:
    """`reasons` and `points` as they stood when the candidate was added; without them it was added by hand."""

    id: str
    project_id: str
    supplier_id: str
    state: str
    points: int | None
    reasons: tuple[Reason, ...]
    note: str
    contact_id: str | None
    language: str
    added_name: str
    added_at: datetime


def stored(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"code": one.code, "facts": dict(one.facts)} for one in reasons]


def _reason(kept: dict[str, Any]) -> Reason:
    return Reason(kept["code"], tuple(kept["facts"].items()))


def view(row: Candidate) -> CandidateView:
    return CandidateView(
        row.id,
        row.project_id,
        row.supplier_id,
        row.state,
        row.points,
        tuple(_reason(one) for one in row.reasons),
        row.note,
        row.contact_id,
        row.language,
        row.added_name,
        row.added_at,
    )


@once
def candidates(project_id: str) -> list[CandidateView]:
    """All of them, dropped ones too, in the order of their adding."""
    query = select(Candidate).where(Candidate.project_id == project_id)
    return [view(row) for row in db.session.scalars(query.order_by(Candidate.added_at, Candidate.id))]


def considered_count(project_id: str) -> list[Select[Any]]:
    """For the step bar."""
    query = select(func.count(Candidate.id)).where(Candidate.project_id == project_id)
    return [query.where(Candidate.state != "dropped")]


def shortlisted_count(project_id: str) -> list[Select[Any]]:
    """For the step bar."""
    query = select(func.count(Candidate.id)).where(Candidate.project_id == project_id)
    return [query.where(Candidate.state == "shortlisted")]


def considered(views: Iterable[CandidateView]) -> list[CandidateView]:
    return [one for one in views if one.state != "dropped"]
