"""`Idempotency-Key`: a program that heard no answer sends again, and the thing is done once.

The key is kept before the work begins and its answer after it. Sent again with the same content, the kept answer comes
back marked `Idempotent-Replayed`; with other content, or while the first is under way, it is refused. Refusals are not
kept: they changed nothing, so the same key may be tried again.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from flask import Response, g, request
from sqlalchemy import JSON, Integer, String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, db
from srm_portal.infra.transaction import housekeeping
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused
from srm_portal.web.context import maybe_actor, request_now

HEADER = "Idempotency-Key"
KEPT = timedelta(days=2)
KEY_MAX = 200


class ApiCall(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One call that carried a key; `status` is 0 until its answer is known."""

    __tablename__ = "api_call"
    __housekeeping__ = True
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    user_id: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(KEY_MAX))
    content: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer, default=0)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


def _content() -> str:
    head = f"{request.method} {request.full_path}\n".encode()
    return hashlib.sha256(head + request.get_data()).hexdigest()


@housekeeping
def _claim(user_id: str, key: str, content: str, now: datetime) -> tuple[int, dict[str, Any] | None] | str:
    """The kept answer, or the id of the new claim."""
    query = select(ApiCall).where(ApiCall.user_id == user_id, ApiCall.key == key)
    kept = db.session.scalar(query)
    if kept is not None:
        if kept.content != content:
            raise Refused("idempotency_key_used")
        if kept.status == 0:
            raise Refused("idempotency_in_doubt")
        return kept.status, kept.answer
    db.session.execute(delete(ApiCall).where(ApiCall.user_id == user_id, ApiCall.at < now - KEPT))
    call = ApiCall(user_id=user_id, key=key, content=content, at=now)
    db.session.add(call)
    db.session.flush()
    return call.id


@housekeeping
def _settle(call_id: str, status: int, answer: dict[str, Any] | None) -> None:
    call = db.session.get(ApiCall, call_id)
    if call is None:
        return
    if status < 300:
        call.status, call.answer = status, answer
    else:
        db.session.delete(call)


def begin() -> Any:
    """Before a call of the interface: answer at once what was answered before."""
    key, actor = request.headers.get(HEADER), maybe_actor()
    if key is None or actor is None or request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    if not (0 < len(key) <= KEY_MAX and key.isascii() and key.isprintable()):
        raise Invalid([FieldProblem(HEADER, "idempotency_key_wrong", facts=(("max", str(KEY_MAX)),))])
    try:
        found = _claim(actor.user_id, key, _content(), request_now())
    except IntegrityError:
        raise Refused("idempotency_in_doubt") from None
    if isinstance(found, str):
        g.idempotent_call = found
        return None
    status, answer = found
    return answer, status, {"Idempotent-Replayed": "true"}


def keep(response: Response) -> Response:
    call_id = g.pop("idempotent_call", None)
    if call_id is not None:
        answer = response.get_json(silent=True) if response.is_json else None
        _settle(call_id, response.status_code, answer if isinstance(answer, dict) else None)
    return response
