"""Alembic's entry: the same migrations on SQLite (batch mode) and PostgreSQL."""

from __future__ import annotations

from alembic import context
from flask import current_app

from crm.database import Base, db



def migrate() -> None:
    """Run what is missing over one connection, in one transaction a migration."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, transaction_per_migration=True, **options
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


migrate()
