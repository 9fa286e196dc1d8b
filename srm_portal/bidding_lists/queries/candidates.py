"""The suppliers considered for a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import g, has_request_context
from sqlalchemy import and_, select

from srm_portal.bidding_lists.domain.suggestions import Reason
from srm_portal.bidding_lists.models import Candidate, Invitation, ListEntry
from srm_portal.infra.db import db

Row = TypeVar("Row", ListEntry, Invitation)


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


def candidates(project_id: str) -> list[CandidateView]:
    """All of them, dropped ones too, in the order of their adding."""
    query = select(Candidate).where(Candidate.project_id == project_id)
    return [view(row) for row in db.session.scalars(query.order_by(Candidate.added_at, Candidate.id))]


def candidates_once(project_id: str) -> list[CandidateView]:
    """As `candidates`, read once a request: the step bar and the page ask for the same rows."""
    if not has_request_context():
        return candidates(project_id)
    if project_id not in _kept():
        _kept()[project_id] = candidates(project_id)
    return _kept()[project_id]


def _kept() -> dict[str, list[CandidateView]]:
    kept: dict[str, list[CandidateView]] = g.setdefault("bidding_candidates", {})
    return kept


def beside(project_id: str, other: type[Row], event_id: str) -> list[Row]:
    """The project's candidates with their row of the same event in another table of this room: one statement for
    both, since every page of an event also shows the step bar. Candidates without such a row are left out."""
    query = (
        select(Candidate, other)
        .outerjoin(other, and_(other.supplier_id == Candidate.supplier_id, other.event_id == event_id))
        .where(Candidate.project_id == project_id)
        .order_by(Candidate.added_at, Candidate.id)
    )
    pairs = db.session.execute(query).all()
    if has_request_context():
        _kept()[project_id] = [view(candidate) for candidate, _row in pairs]
    return [row for _candidate, row in pairs if row is not None]


def considered(views: Iterable[CandidateView]) -> list[CandidateView]:
    return [one for one in views if one.state != "dropped"]
