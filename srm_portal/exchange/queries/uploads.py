"""The file between preview and decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from srm_portal.exchange.models import ImportUpload
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class UploadView:
    id: str
    what: str
    scheme: str
    name: str
    preview: dict[str, Any]
    at: datetime


def upload_for(actor: Actor, upload_id: str) -> UploadView:
    """The person's own file; NotFound for everybody else and once it is gone."""
    row = db.session.get(ImportUpload, upload_id)
    if row is None or row.user_id != actor.user_id or row.organisation_id != actor.organisation_id:
        raise NotFound
    return UploadView(row.id, row.what, row.scheme, row.name, row.preview, row.at)


def upload_bytes(actor: Actor, upload_id: str) -> bytes:
    """What is in it, for the import itself."""
    upload_for(actor, upload_id)
    return db.session.get_one(ImportUpload, upload_id).data
