"""The small factory: settings and database, nothing of the web. Workers and commands run on it."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate

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
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    return app


def engine_options(url: str) -> dict[str, object]:
    """Pools that outlive a restarted database and never wait for ever."""
    if url.startswith("sqlite"):
        return {"pool_size": 20, "max_overflow": 20, "connect_args": {"check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "pool_timeout": 10}


def check_migrated(app: Flask) -> None:
    """Raise Unmigrated, with what to do, unless the schema is the one this code knows."""
    with app.app_context(), db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if found != wanted:
        raise Unmigrated(
            f"The database is at version {found or 'none'}, this program needs {wanted}: "
            "run 'crm db upgrade'."
        )
