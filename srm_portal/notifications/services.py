"""Telling people: a notice under the bell and, where they wish, a mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.outbox import queue_mail
from srm_portal.infra.transaction import command, housekeeping
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.models import Notice
from srm_portal.notifications.wording import notice_text


@command
def notify(
    user_ids: Iterable[str],
    kind: str,
    *,
    path: str,
    now: datetime,
    about: str | None = None,
    mail: bool = True,
    **facts: Any,
) -> None:
    """Tell these people once each. `kind` names a sentence of `notifications/wording`, `path` where it leads.

    Facts are plain texts and numbers. Call it inside the use case's transaction.
    """
    people = identity.people(set(user_ids))
    for person in people.values():
        if person.state == "disabled":
            continue
        actor = identity.active_actor(person.id)
        organisation_id = actor.organisation_id if actor else ""
        db.session.add(
            Notice(
                organisation_id=organisation_id,
                user_id=person.id,
                kind=kind,
                facts=facts,
                path=path,
                created_at=now,
            )
        )
        if mail and person.mail_notices:
            queue_mail(
                "notice",
                person.email,
                language=person.language,
                now=now,
                organisation_id=organisation_id,
                user_id=person.id,
                about=about,
                name=person.name,
                text_of=lambda: notice_text(kind, facts),
                link=current_app.config["PUBLIC_URL"] + path,
            )
    db.session.flush()


@housekeeping
def mark_read(actor: Actor, notice_id: str | None, *, now: datetime, before: datetime | None = None) -> None:
    """One notice, or all when `notice_id` is None; only those written before a moment where it is given."""
    query = update(Notice).where(Notice.user_id == actor.user_id, Notice.read_at.is_(None))
    if notice_id is not None:
        query = query.where(Notice.id == notice_id)
    if before is not None:
        query = query.where(Notice.created_at < before)
    db.session.execute(query.values(read_at=now))


def path_of(actor: Actor, notice_id: str) -> str | None:
    return db.session.scalar(select(Notice.path).where(Notice.id == notice_id, Notice.user_id == actor.user_id))
