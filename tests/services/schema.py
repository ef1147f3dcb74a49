"""The tables, laid by the migrations as everywhere else, and emptied between tests."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, text

from crm.core import create_core, migrate
from crm.database import Base, db
from crm.settings import Settings


def lay(database_url: str, name: str) -> str:
    """Run all migrations on an empty database."""
    with tempfile.TemporaryDirectory(prefix=name) as folder:
        app = create_core(Settings(Path(folder), database_url, "a secret for laying tables"))
        migrate(app)
        with app.app_context():
            db.engine.dispose()
    return database_url


def empty(app: Flask) -> None:
    """Take all rows away, and nothing else; only tables that hold some cost time."""
    with app.app_context(), db.engine.connect() as connection:
        full = _full_tables(connection)
        connection.rollback()
        if not full:
            return
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(full)} RESTART IDENTITY CASCADE"))
        else:
            # Only outside a transaction does SQLite listen to it.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            for name in full:
                connection.execute(text(f'DELETE FROM "{name}"'))
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def _full_tables(connection: Connection) -> list[str]:
    """The names of the tables that hold a row, found in one statement."""
    names = [table.name for table in Base.metadata.tables.values()]
    questions = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)
    return [str(name) for (name,) in connection.execute(text(" UNION ALL ".join(questions)))]
