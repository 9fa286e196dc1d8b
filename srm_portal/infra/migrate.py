"""Migrations from inside the application: upgrade, and whether models and database agree.

Alembic is loaded by what needs it; a start that finds the newest form does not.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from srm_portal.infra.db import db

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
_SAID = re.compile(r"^(revision|down_revision)\b[^=\n]*= *(?:None|[\"'](\w+)[\"'])", re.MULTILINE)


def settings() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(rev)s_%%(slug)s"
    )
    return config


def upgrade() -> None:
    """To the newest form, if it is not there yet; needs an app context."""
    if at_head():
        return
    from alembic import command

    db.session.remove()
    command.upgrade(settings(), "head")


def steps() -> dict[str, str | None]:
    """Every revision this version knows, with the one it builds on, as the heads of the files say."""
    found: dict[str, str | None] = {}
    for path in (FOLDER / "versions").glob("*.py"):
        said = dict(_SAID.findall(path.read_text("utf-8")))
        found[said["revision"]] = said["down_revision"] or None
    return found


def heads() -> list[str]:
    known = steps()
    return sorted(known.keys() - set(known.values()))


def at_head() -> bool:
    """Whether the database stands at the newest migration."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        current = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
        return sorted(current) == heads()


def differences() -> list[Any]:
    """What the database and the models disagree on; empty when they are equal."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, db.metadata))
