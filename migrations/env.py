"""Alembic's entry: works over the application's engine."""

from alembic import context

from srm_portal.infra.db import MoneyType, QuantityType, UTCDateTime, db


def _render(kind, item, autogen):
    if kind == "type" and isinstance(item, (MoneyType, UTCDateTime)):
        autogen.imports.add("from srm_portal.infra.db import MoneyType, QuantityType, UTCDateTime")
        return f"{type(item).__name__}()"
    return False


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=_render,
            include_name=lambda name, kind, _parents: kind != "table" or name in db.metadata.tables,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


_ = QuantityType
run()
