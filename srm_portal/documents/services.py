"""Taking files in and giving them up. The owning room has authorised the actor for the record."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from flask import current_app
from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.documents.domain.inspection import inspect_file
from srm_portal.documents.domain.names import display_name
from srm_portal.documents.models import StoredFile
from srm_portal.infra.db import db
from srm_portal.infra.transaction import after_commit, command
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor

_CHUNK_BYTES = 256 * 1024


class Upload(Protocol):
    """What a form hands over (Werkzeug's `FileStorage` is one)."""

    filename: str | None

    @property
    def stream(self) -> BinaryIO: ...


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


def _write(stream: BinaryIO, path: Path) -> str:
    """Copy to a new file that is on the disk before the row is; returns the SHA-256."""
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    stream.seek(0)
    with path.open("xb") as target:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _path(stored_name: str) -> Path:
    return Path(current_app.config["UPLOAD_DIR"]) / stored_name[:2] / stored_name


@command
def store(
    actor: Actor,
    object_type: str,
    object_id: str,
    upload: Upload | None,
    *,
    now: datetime,
    note: str = "",
    stream: str | None = None,
) -> str:
    """Inspect a file and keep it with its record; returns its id.

    Refused with the inspection's codes (`type_not_allowed`, `macros_not_allowed`, `content_differs_from_name` ...),
    `file_missing` without a file. `stream` names the audit chain, as for `record`.
    """
    if upload is None or not upload.filename:
        raise Refused("file_missing")
    name = upload.filename
    size = _size(upload.stream)
    found = inspect_file(name, upload.stream)
    stored_name = secrets.token_hex(24)
    path = _path(stored_name)
    try:
        sha256 = _write(upload.stream, path)
        row = StoredFile(
            organisation_id=actor.organisation_id,
            object_type=object_type,
            object_id=object_id,
            name=display_name(name),
            media_type=found.kind.media_type,
            size=size,
            sha256=sha256,
            stored_name=stored_name,
            remarks=list(found.remarks),
            note=note.strip(),
            uploaded_by=actor.user_id,
            uploader_name=actor.name,
            uploaded_at=now,
        )
        db.session.add(row)
        db.session.flush()
        record(
            actor,
            "file.stored",
            object_type,
            object_id,
            now=now,
            label=row.name,
            stream=stream,
            file=row.id,
            size=size,
            sha256=sha256,
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return row.id


@command
def remove(actor: Actor, file_id: str, *, now: datetime, stream: str | None = None) -> None:
    """Take a file away; its name and hash stay in the trail."""
    row = db.session.get(StoredFile, file_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound
    path = _path(row.stored_name)
    record(
        actor,
        "file.removed",
        row.object_type,
        row.object_id,
        now=now,
        label=row.name,
        stream=stream,
        file=row.id,
        sha256=row.sha256,
    )
    db.session.delete(row)
    db.session.flush()
    after_commit(lambda: path.unlink(missing_ok=True))


def count(object_type: str, object_id: str) -> int:
    """How many files a record has."""
    query = select(func.count()).select_from(StoredFile)
    return db.session.scalar(query.where(StoredFile.object_type == object_type, StoredFile.object_id == object_id)) or 0


@command
def remove_of(actor: Actor, object_type: str, object_id: str, file_id: str, *, now: datetime) -> None:
    """Take away a file of this very record; NotFound for the file of any other."""
    row = db.session.get(StoredFile, file_id)
    if row is None or (row.object_type, row.object_id) != (object_type, object_id):
        raise NotFound
    remove(actor, file_id, now=now)


@command
def hand_over(actor: Actor, before: tuple[str, str], after: tuple[str, str], *, now: datetime) -> int:
    """The files of one record become those of another (type, id); returns how many. Bytes and hashes stay."""
    query = select(StoredFile).where(StoredFile.object_type == before[0], StoredFile.object_id == before[1])
    rows = [row for row in db.session.scalars(query) if row.organisation_id == actor.organisation_id]
    for row in rows:
        row.object_type, row.object_id = after
    if rows:
        record(
            actor, "file.handed_over", after[0], after[1], now=now, files=[row.id for row in rows], origin=before[1]
        )  # fmt: skip
    return len(rows)
