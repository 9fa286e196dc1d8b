"""Reading files. The room that owns the record has authorised the actor before it asks here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from flask import Response, current_app, send_file
from sqlalchemy import select

from srm_portal.documents.models import StoredFile
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound

SANDBOX = "default-src 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class FileView:
    id: str
    organisation_id: str
    object_type: str
    object_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    stored_name: str
    remarks: tuple[str, ...]
    note: str
    uploaded_by: str
    by: str
    at: datetime


def _view(row: StoredFile) -> FileView:
    return FileView(
        row.id,
        row.organisation_id,
        row.object_type,
        row.object_id,
        row.name,
        row.media_type,
        row.size,
        row.sha256,
        row.stored_name,
        tuple(row.remarks),
        row.note,
        row.uploaded_by,
        row.uploader_name,
        row.uploaded_at,
    )


def files_of(object_type: str, object_ids: Iterable[str]) -> dict[str, list[FileView]]:
    """The files of several records, oldest first; every asked id has its list."""
    found: dict[str, list[FileView]] = {one: [] for one in object_ids}
    query = (
        select(StoredFile)
        .where(StoredFile.object_type == object_type, StoredFile.object_id.in_(list(found)))
        .order_by(StoredFile.uploaded_at, StoredFile.id)
    )
    for row in db.session.scalars(query):
        found[row.object_id].append(_view(row))
    return found


def file(file_id: str) -> FileView | None:
    row = db.session.get(StoredFile, file_id)
    return _view(row) if row is not None else None


def file_of(object_type: str, object_id: str, file_id: str) -> FileView:
    """The file of this very record; NotFound for the file of any other."""
    view = file(file_id)
    if view is None or (view.object_type, view.object_id) != (object_type, object_id):
        raise NotFound
    return view


def path_of(view: FileView) -> Path:
    return Path(current_app.config["UPLOAD_DIR"]) / view.stored_name[:2] / view.stored_name


def open_bytes(view: FileView) -> BinaryIO:
    """The file's bytes for reading; the caller closes it. A lost file is as absent as an unknown one."""
    try:
        return path_of(view).open("rb")
    except FileNotFoundError:
        raise NotFound from None


def download(view: FileView) -> Response:
    """The file as an attachment that no browser runs or shows inside the portal."""
    response = send_file(open_bytes(view), mimetype=view.media_type, as_attachment=True, download_name=view.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Content-Length"] = str(view.size)
    return response
