"""The rule promised to suppliers, and what is known beside their offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from srm_portal.awards.models import AwardTerms
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.sourcing import queries as sourcing


@dataclass(frozen=True, slots=True)
class TermsView:
    """`promise`: {"kind", "suppliers", "price_weight", "quality_weight", "split", "telling"}; {} without one."""

    promise: dict[str, Any]
    known: dict[str, Any]
    version: int


@once
def terms(project_id: str) -> TermsView:
    row = db.session.scalar(select(AwardTerms).where(AwardTerms.project_id == project_id))
    return TermsView(dict(row.promise), dict(row.known), row.version) if row else TermsView({}, {}, 0)


def published_part(project_id: str) -> dict[str, Any]:
    """What suppliers are promised of the award, as plain values."""
    return terms(project_id).promise


def promise_of(project_id: str) -> dict[str, Any]:
    """The rule as it was published; {} where none was."""
    event = sourcing.main_event(project_id)
    publication = (event.publication if event else None) or {}
    promise: dict[str, Any] = publication.get("award_rule") or {}
    return promise
