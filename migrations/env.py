"""Alembic's entry: the same migrations on SQLite (batch mode) and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from crm.database import Base, UTCDateTime, WordSet, db
from crm.models import marking


def plain(kind: str, item: object, _context: object) -> str | bool:
    """Migrations name the database's own types: ours may change, history may not."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return "sa.String(length=200)" if kind == "type" and isinstance(item, WordSet) else False


def migrate() -> None:
    """Run what is missing over one connection, in one transaction a migration."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection, _without_marking(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            render_item=plain,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


@contextmanager
def _without_marking(connection: Connection) -> Iterator[None]:
    """Triggers name tables and columns: none may be there while these are changed, nor missing afterwards."""
    marking.lift(connection)
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        marking.lay(connection)
        connection.commit()


migrate()
