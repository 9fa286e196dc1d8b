"""Mail that waits for the commit: written with the change, delivered by a job, readable in the portal."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra import jobs
from srm_portal.infra.db import Identified, UTCDateTime, db
from srm_portal.infra.gateways import gateway
from srm_portal.infra.transaction import housekeeping

REMOVED = "—"


class MailMessage(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One mail to one address. The text of mails that carry a secret is removed once delivered."""

    __tablename__ = "mail_message"
    __housekeeping__ = True

    organisation_id: Mapped[str | None] = mapped_column(String(20), index=True)
    user_id: Mapped[str | None] = mapped_column(String(20), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(String(60))
    about: Mapped[str | None] = mapped_column(String(60), index=True)
    secret: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="queued")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MailRefused(Exception):
    """The mail server will never take this message (wrong address and the like)."""


class MailTransport(Protocol):
    def send(self, recipient: str, subject: str, body: str, message_id: str) -> None:
        """Hand over or raise: `MailRefused` for good, anything else to try again later."""


def queue_mail(
    template: str,
    recipient: str,
    *,
    language: str,
    now: datetime,
    organisation_id: str | None = None,
    user_id: str | None = None,
    about: str | None = None,
    secret: bool = False,
    **facts: Any,
) -> str:
    """Write the mail in the recipient's language and queue its delivery; returns its id.

    `templates/emails/<template>.txt`: the first line is the subject, the rest after a blank line the body.
    `about` is the id of the object it speaks of (an invitation, a contract), to show the delivery beside it.
    """
    letter = current_app.jinja_env.get_template(f"emails/{template}.txt")  # without what pages look up for their frame
    with force_locale(language):
        text = letter.render(**facts)
    subject, _, body = text.strip().partition("\n")
    message = MailMessage(
        organisation_id=organisation_id,
        user_id=user_id,
        recipient=recipient,
        language=language,
        subject=subject.strip(),
        body=body.strip() + "\n",
        template=template,
        about=about,
        secret=secret,
        created_at=now,
    )
    db.session.add(message)
    db.session.flush()
    jobs.enqueue("mail.deliver", {"mail": message.id}, now=now)
    return message.id


@housekeeping
def _mark(mail_id: str, state: str, now: datetime, error: str = "") -> None:
    mail = db.session.get(MailMessage, mail_id)
    if mail is None:
        return
    mail.state, mail.last_error = state, error[:500]
    mail.attempts += 1
    if state != "retrying":
        jobs.publish(f"Mail.{mail.template}", {"mail": mail_id, "about": mail.about, "state": state}, now=now)
    if state == "sent":
        mail.sent_at = now
        if mail.secret:
            mail.body = REMOVED


def deliver(work: jobs.Work) -> None:
    """Job handler: send one mail. A mail that was sent before is not sent again."""
    mail = db.session.get(MailMessage, work.args["mail"])
    if mail is None or mail.state in ("sent", "undeliverable"):
        return
    mail_id = mail.id
    letter = (mail.recipient, mail.subject, mail.body)
    db.session.rollback()
    try:
        gateway(MailTransport).send(*letter, mail_id)  # type: ignore[type-abstract]
    except MailRefused as refusal:
        _mark(mail_id, "undeliverable", work.now, str(refusal))
    except Exception as error:
        _mark(mail_id, "retrying", work.now, f"{type(error).__name__}: {error}")
        raise
    else:
        _mark(mail_id, "sent", work.now)


def init_outbox(app: Flask) -> None:
    jobs.register(app, "mail.deliver", deliver)
