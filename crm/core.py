"""The small factory: settings and database, nothing of the web. Workers and commands run on it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import inspect, text

import crm.models  # noqa: F401  (the tables have to be known before they are used)
from crm.database import db
from crm.paths import MIGRATIONS, TEMPLATES
from crm.settings import Settings


class Unmigrated(RuntimeError):
    """The database is not at the version that this code was written for."""


def create_core(settings: Settings, app: Flask | None = None) -> Flask:
    """An application with a database and its settings; the web's factory passes its own in."""
    app = app or Flask("crm", template_folder=str(TEMPLATES), static_folder=None)
    app.config["SETTINGS"] = settings
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    db.init_app(app)
    return app


def engine_options(url: str) -> dict[str, object]:
    """Pools that outlive a restarted database and never wait for ever."""
    if url.startswith("sqlite"):
        return {
            "pool_size": 20,
            "max_overflow": 20,
            "connect_args": {"check_same_thread": False},
            # What people wrote does not belong into a log.
            "hide_parameters": True,
        }
    return {
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 20,
        "pool_timeout": 10,
        "connect_args": {"connect_timeout": 5},
        "hide_parameters": True,
    }


def migrate(app: Flask, revision: str = "head") -> None:
    """Bring the tables to a version, the newest by default."""
    # Alembic weighs as much as the rest of the worker, which never migrates.
    from flask_migrate import Migrate, upgrade

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    with app.app_context():
        upgrade(revision=revision)


def wanted_version() -> str:
    """The version that this code was written for: migrations are numbered in one line."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def found_version() -> str | None:
    """The version that the database is at; None for one without tables."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def check_migrated(app: Flask) -> None:
    """Raise Unmigrated, with what to do, unless the schema is the one this code knows."""
    with app.app_context():
        found = found_version()
    if found != wanted_version():
        raise Unmigrated(
            f"The database is at version {found or 'none'}, this program needs {wanted_version()}: "
            "run 'crm db upgrade'."
        )
