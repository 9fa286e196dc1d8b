"""The database that migrations make is the one the models describe."""

from __future__ import annotations

from pathlib import Path

from alembic.script import ScriptDirectory

from srm_portal.app import create_app
from srm_portal.infra import migrate
from tests.conftest import TestConfig
from tests.support import database


def test_there_is_one_head_and_the_files_name_it_as_alembic_does() -> None:
    assert len(migrate.heads()) == 1
    assert migrate.heads() == ScriptDirectory.from_config(migrate.settings()).get_heads()


def test_an_empty_database_upgraded_equals_the_models(tmp_path: Path) -> None:
    with database.fresh(tmp_path, "migrations") as uri:
        app = create_app(TestConfig(tmp_path, uri))
        with app.app_context():
            migrate.upgrade()
            assert migrate.at_head()
            assert migrate.differences() == []
            from srm_portal.infra.db import db

            db.session.remove()
            db.engine.dispose()
