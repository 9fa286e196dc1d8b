"""Migrations from inside the application: upgrade, and whether models and database agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from srm_portal.infra.db import db

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def settings() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(rev)s_%%(slug)s"
    )
    return config


def upgrade() -> None:
    """To the newest form; needs an app context."""
    db.session.remove()
    command.upgrade(settings(), "head")


def heads() -> list[str]:
    return list(ScriptDirectory.from_config(settings()).get_heads())


def revisions() -> set[str]:
    """Every revision this version knows."""
    return {script.revision for script in ScriptDirectory.from_config(settings()).walk_revisions()}


def at_head() -> bool:
    """Whether the database stands at the newest migration."""
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return list(current) == heads()


def differences() -> list[Any]:
    """What the database and the models disagree on; empty when they are equal."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, db.metadata))
