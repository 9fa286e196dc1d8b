"""The file between preview and decision: the person's own, for a day at most."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from srm_portal.exchange.domain.report import What
from srm_portal.exchange.models import ImportUpload
from srm_portal.infra.db import db
from srm_portal.infra.transaction import housekeeping
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor

KEPT = timedelta(days=1)


@housekeeping
def keep_upload(
    actor: Actor, what: What, name: str, data: bytes, preview: dict[str, Any], *, now: datetime, scheme: str = ""
) -> str:
    """Keep a file for the preview; the person's earlier one and those of yesterday go. Returns its id."""
    db.session.execute(
        delete(ImportUpload).where((ImportUpload.user_id == actor.user_id) | (ImportUpload.at < now - KEPT))
    )
    row = ImportUpload(
        organisation_id=actor.organisation_id,
        user_id=actor.user_id,
        what=what,
        scheme=scheme,
        name=name[:200],
        data=data,
        preview=preview,
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@housekeeping
def drop_upload(actor: Actor, upload_id: str) -> None:
    """Forget the file. Raises NotFound where it is not the person's own."""
    row = db.session.get(ImportUpload, upload_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    db.session.delete(row)
