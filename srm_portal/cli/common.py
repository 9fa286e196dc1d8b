"""Reading a document, writing a result: the same for every command."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from srm_portal.kernel.errors import InputError

SIZE_MAX = 512 * 1024 * 1024


def _refuse_constant(name: str) -> Any:
    raise InputError("document", f"{name} is not a number; write digits")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(twice, "given twice; give it once")
    return document


def read_bytes(file: str) -> bytes:
    """A file's bytes; `-` reads standard input."""
    if file == "-":
        return sys.stdin.buffer.read()
    path = Path(file)
    if not path.is_file():
        raise InputError(file, "no such file; give the path of a file, or - for standard input")
    return path.read_bytes()


def read_json(file: str, *, decimals: bool = False) -> Any:
    """A JSON document; with `decimals`, numbers with a point arrive as exact Decimal."""
    data = read_bytes(file)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(file, "not UTF-8; save the file as UTF-8") from None
    try:
        return json.loads(
            text,
            parse_constant=_refuse_constant,
            object_pairs_hook=_no_twins,
            parse_float=Decimal if decimals else None,
        )
    except json.JSONDecodeError as error:
        raise InputError(file, f"not JSON: {error.msg} at line {error.lineno}; one JSON document is expected") from None
    except InputError:
        raise
    except ValueError:
        raise InputError(file, "not JSON: a number has too many digits") from None
    except RecursionError:
        raise InputError(file, "nested too deeply; the format needs few levels") from None


def write_json(document: Any) -> None:
    """One JSON document on standard output; the same input gives the same bytes."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def say(text: str) -> None:
    """For people: standard error."""
    click.echo(text, err=True)


@contextmanager
def portal() -> Iterator[Any]:
    """The application over the environment's configuration, its context pushed.

    A database that does not answer, or that was not migrated, is the caller's to mend: InputError.
    """
    from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

    from srm_portal.app import app_from_environment
    from srm_portal.web import health

    os.environ.setdefault("SRM_LOG_FORMAT", "text")
    try:
        app = app_from_environment()
    except ArgumentError:
        raise InputError("DATABASE_URL", "not an address of SQLite or PostgreSQL") from None
    with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
        try:
            yield app
        except (OperationalError, ProgrammingError):
            problem = health.problem()
            if problem is None:
                raise
            raise InputError("database", problem) from None
