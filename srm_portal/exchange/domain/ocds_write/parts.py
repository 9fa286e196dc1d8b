"""Small pieces of a release, written alike everywhere. What is unknown is left out, never written as null or empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from srm_portal.exchange.domain.moments import write_moment
from srm_portal.exchange.domain.ocds_write.values import ExportClassification, ExportDocument, ExportMilestone
from srm_portal.exchange.domain.repair import check_url
from srm_portal.kernel.money import Money

Json = dict[str, Any]


def kept(**members: object) -> Json:
    """Members that say something; zero and False do."""
    return {key: value for key, value in members.items() if value is not None and value not in ("", [], {})}


def moment(value: datetime | None) -> str | None:
    return write_moment(value) if value else None


def money(value: Money | None) -> Json | None:
    return {"amount": value.amount, "currency": value.currency} if value else None


def period(starts_at: datetime | None, ends_at: datetime | None) -> Json:
    return kept(startDate=moment(starts_at), endDate=moment(ends_at))


def classification(value: ExportClassification | None) -> Json:
    return kept(scheme=value.scheme, id=value.code, description=value.description) if value else {}


def public_url(text: str | None) -> str | None:
    return check_url(text)[0] if text else None


def documents(listed: Iterable[ExportDocument]) -> list[Json]:
    return [
        kept(
            id=document.id,
            documentType=document.kind,
            title=document.title,
            description=document.description,
            url=public_url(document.url),
            datePublished=moment(document.published_at),
            format=document.format,
            language=document.language,
        )
        for document in listed
    ]


def milestones(listed: Iterable[ExportMilestone]) -> list[Json]:
    return [
        kept(
            id=milestone.id,
            title=milestone.title,
            type=milestone.kind,
            dueDate=moment(milestone.due_at),
            dateMet=moment(milestone.met_at),
            status=milestone.status,
        )
        for milestone in listed
    ]
