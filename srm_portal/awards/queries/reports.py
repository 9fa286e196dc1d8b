"""Kept reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from srm_portal.awards.models import AwardReport
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing


@dataclass(frozen=True, slots=True)
class ReportView:
    """`document` is the kept input, a JSON text; `files` the hash of each file made from it."""

    id: str
    project_id: str
    number: int
    document: str
    sha256: str
    files: dict[str, str]
    at: datetime
    by_name: str


def _view(row: AwardReport) -> ReportView:
    return ReportView(row.id, row.project_id, row.number, row.document, row.sha256, row.files, row.at, row.by_name)


def reports(project_id: str) -> list[ReportView]:
    """Newest first; the caller has authorised the actor."""
    query = select(AwardReport).where(AwardReport.project_id == project_id).order_by(AwardReport.number.desc())
    return [_view(row) for row in db.session.scalars(query)]


def report_for(actor: Actor, report_id: str) -> ReportView:
    query = select(AwardReport).where(AwardReport.id == report_id, AwardReport.organisation_id == actor.organisation_id)
    row = db.session.scalar(query) if actor.is_staff else None
    if row is None:
        raise NotFound
    sourcing.project_for(actor, row.project_id)
    return _view(row)
