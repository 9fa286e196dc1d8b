"""A consistent copy of everything but the keys, taken while people work, and put onto an empty machine.

One tar file: `manifest.json`, a JSON-lines file for each table, the uploads. The rows come from one read snapshot,
so nothing acknowledged before the backup began is missing and nothing is half there. The same file restores into SQLite
and into PostgreSQL. The server's keys are never in it: `srm-portal keys export` makes the second file.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import JSON, Date, LargeBinary, Table, func, insert, select
from sqlalchemy.engine import Connection

from srm_portal.infra import migrate
from srm_portal.infra.db import MoneyType, UTCDateTime, db, is_sqlite, write_intent
from srm_portal.kernel.canonical import moment_text
from srm_portal.kernel.errors import InputError

FORMAT = "srm-portal/backup/1"
BATCH = 500


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _read(kind: Any, value: Any) -> Any:
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, MoneyType):
        return Decimal(value)
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    names = [column.name for column in table.columns]
    rows = connection.execution_options(yield_per=BATCH).execute(select(table))
    for row in rows:
        values = {name: _written(value) for name, value in zip(names, row, strict=True)}
        yield json.dumps(values, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    archive.addfile(entry, io.BytesIO(data))


def write_backup(target: Path, *, now: datetime) -> dict[str, Any]:
    """Write the copy to `target` (whole or not at all); returns its manifest."""
    partial = target.with_name(target.name + ".part")
    uploads: Path = current_app.config["UPLOAD_DIR"]
    manifest: dict[str, Any] = {"format": FORMAT, "at": moment_text(now), "revision": migrate.heads()[0], "tables": {}}
    with tarfile.open(partial, "w:gz", compresslevel=3) as archive, _snapshot() as connection:
        for table in db.metadata.sorted_tables:
            digest, count, held = hashlib.sha256(), 0, io.BytesIO()
            for line in _lines(connection, table):
                digest.update(line)
                held.write(line)
                count += 1
            _add(archive, f"tables/{table.name}.jsonl", held.getvalue())
            manifest["tables"][table.name] = {"rows": count, "sha256": digest.hexdigest()}
        for path in sorted(uploads.rglob("*")):
            if path.is_file():
                archive.add(path, f"uploads/{path.relative_to(uploads)}", recursive=False)
        _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
    partial.chmod(0o600)
    partial.replace(target)
    return manifest


class _snapshot:
    """One reading transaction that sees a single moment."""

    def __enter__(self) -> Connection:
        db.session.remove()
        level = {} if is_sqlite() else {"isolation_level": "REPEATABLE READ"}
        self._connection = db.engine.connect().execution_options(**level)
        self._connection.begin()
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connection.rollback()
        self._connection.close()


def read_backup(source: Path) -> dict[str, Any]:
    """Restore onto an empty database and an empty uploads folder; returns the manifest.

    Raises InputError when the file is not a backup, was damaged, comes from a newer version, or the database is in use.
    """
    if not source.is_file():
        raise InputError(str(source), "no such file; give the path of a backup")
    try:
        archive = tarfile.open(source, "r:gz")  # noqa: SIM115 closed below, and the error needs a name of its own
    except tarfile.TarError:
        raise InputError(str(source), "not a backup of this portal") from None
    with archive:
        manifest = _manifest(archive, source)
        migrate.upgrade()
        with write_intent(), db.engine.begin() as connection:
            _refuse_used(connection)
            for table in db.metadata.sorted_tables:
                _load(connection, archive, table, manifest)
        _files(archive)
    return manifest


def _manifest(archive: tarfile.TarFile, source: Path) -> dict[str, Any]:
    try:
        member = archive.extractfile("manifest.json")
        manifest: dict[str, Any] = json.loads(member.read()) if member else {}
    except (KeyError, ValueError, EOFError):
        manifest = {}
    if manifest.get("format") != FORMAT:
        raise InputError(str(source), "not a backup of this portal, or cut short")
    if manifest["revision"] not in migrate.steps():
        raise InputError(str(source), "made by a newer version; install that version first")
    return manifest


def _refuse_used(connection: Connection) -> None:
    for name in ("user", "organisation"):
        table = db.metadata.tables[name]
        if connection.scalar(select(func.count()).select_from(table)):
            raise InputError("database", "already holds data; restore onto an empty one")


def _load(connection: Connection, archive: tarfile.TarFile, table: Table, manifest: dict[str, Any]) -> None:
    stated = manifest["tables"].get(table.name)
    if stated is None:
        return
    member = archive.extractfile(f"tables/{table.name}.jsonl")
    data = member.read() if member else b""
    if hashlib.sha256(data).hexdigest() != stated["sha256"]:
        raise InputError(f"tables/{table.name}.jsonl", "was changed or damaged; take another copy of the backup")
    kinds = {column.name: column.type for column in table.columns}
    batch: list[dict[str, Any]] = []
    for line in data.splitlines():
        row = json.loads(line)
        batch.append({name: _read(kinds[name], value) for name, value in row.items() if name in kinds})
        if len(batch) == BATCH:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)


def _files(archive: tarfile.TarFile) -> None:
    uploads: Path = current_app.config["UPLOAD_DIR"]
    for entry in archive.getmembers():
        if not entry.isfile() or not entry.name.startswith("uploads/"):
            continue
        target = (uploads / entry.name.removeprefix("uploads/")).resolve()
        if not target.is_relative_to(uploads.resolve()):
            raise InputError(entry.name, "points outside the uploads folder; this is not a backup of this portal")
        target.parent.mkdir(parents=True, exist_ok=True)
        source = archive.extractfile(entry)
        assert source is not None
        with target.open("wb") as out:
            while block := source.read(1 << 20):
                out.write(block)
