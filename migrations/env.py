"""Alembic's entry: the same migrations on SQLite (batch mode) and PostgreSQL."""

from __future__ import annotations

from alembic import context
from flask import current_app

from crm.database import Base, UTCDateTime, WordSet, db


def plain(kind: str, item: object, _context: object) -> str | bool:
    """Migrations name the database's own types: ours may change, history may not."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return "sa.String(length=200)" if kind == "type" and isinstance(item, WordSet) else False


def migrate() -> None:
    """Run what is missing over one connection, in one transaction a migration."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
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


migrate()
