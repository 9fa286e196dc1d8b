"""Notices and mails of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from srm_portal.infra.db import db
from srm_portal.infra.outbox import MailMessage
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.models import Notice
from srm_portal.notifications.wording import notice_text


@dataclass(frozen=True, slots=True)
class NoticeView:
    id: str
    text: str
    path: str
    at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class MailView:
    id: str
    recipient: str
    subject: str
    body: str
    state: str
    last_error: str
    at: datetime
    sent_at: datetime | None


def unread(actor: Actor, _now: datetime) -> Select[tuple[int]]:
    """How many notices this person has not read, for the frame of every page."""
    return select(func.count()).select_from(Notice).where(Notice.user_id == actor.user_id, Notice.read_at.is_(None))


def notices(actor: Actor, limit: int = 50, offset: int = 0) -> tuple[list[NoticeView], int]:
    query = select(Notice).where(Notice.user_id == actor.user_id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(query.order_by(Notice.created_at.desc()).limit(limit).offset(offset))
    return [
        NoticeView(n.id, notice_text(n.kind, n.facts), n.path, n.created_at, n.read_at is not None) for n in rows
    ], total


def _mail(row: MailMessage) -> MailView:
    return MailView(
        row.id, row.recipient, row.subject, row.body, row.state, row.last_error, row.created_at, row.sent_at
    )


def mails(actor: Actor, limit: int = 50, offset: int = 0) -> list[MailView]:
    """One's own mails: every mail the portal sent is also here."""
    query = select(MailMessage).where(MailMessage.user_id == actor.user_id)
    rows = db.session.scalars(query.order_by(MailMessage.created_at.desc()).limit(limit).offset(offset))
    return [_mail(row) for row in rows]


def mail_for(actor: Actor, mail_id: str) -> MailView:
    row = db.session.get(MailMessage, mail_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    return _mail(row)


def deliveries(about: list[str]) -> dict[str, MailView]:
    """The newest mail about each object, to show whether an invitation arrived. The caller has authorised."""
    query = select(MailMessage).where(MailMessage.about.in_(about)).order_by(MailMessage.created_at)
    return {row.about or "": _mail(row) for row in db.session.scalars(query)}
