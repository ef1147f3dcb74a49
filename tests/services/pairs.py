"""The two pairs of database and broker that everything is tested on."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask

from crm.database import db
from crm.settings import Settings
from tests.services import postgres, schema, valkey
from tests.services.run import once

SQLITE, POSTGRESQL = "sqlite", "postgresql"
SECRET = "a secret for tests, the same in all of them"


class Pairs:
    """Settings and applications of this process, made when first asked for."""

    def __init__(self, run: Path, worker: str) -> None:
        self._run, self._worker = run, worker
        self._settings: dict[str, Settings] = {}
        self._apps: dict[tuple[str, str], Flask] = {}

    def settings(self, name: str) -> Settings:
        """The settings of one pair, whose database has all tables and whose broker runs."""
        if name not in self._settings:
            self._settings[name] = self._make(name)
        return self._settings[name]

    def app(self, name: str, create: Callable[[Settings], Flask]) -> Flask:
        """The application that a factory makes on a pair; one of each kind, since making takes long."""
        key = (name, create.__name__)
        if key not in self._apps:
            self._apps[key] = create(self.settings(name))
            self._apps[key].testing = True
        return self._apps[key]

    def empty(self) -> None:
        """Take away the rows of every database that was used."""
        seen: dict[str, Flask] = {name: app for (name, _), app in self._apps.items()}
        for app in seen.values():
            schema.empty(app)

    def bare(self, settings: Settings) -> Settings:
        """The same pair on a new database without tables."""
        name = f"bare_{uuid.uuid4().hex[:12]}"
        if settings.database_url.startswith("sqlite"):
            return replace(settings, database_url=f"sqlite:///{settings.data_dir / name}.sqlite3")
        return replace(settings, database_url=postgres.bare(self._run, name))

    def close(self) -> None:
        """Give all connections back."""
        for app in self._apps.values():
            with app.app_context():
                db.engine.dispose()

    def _make(self, name: str) -> Settings:
        data_dir = self._run / self._worker / name
        data_dir.mkdir(parents=True, exist_ok=True)
        if name == SQLITE:
            settings = Settings(data_dir, self._sqlite(data_dir), SECRET)
            valkey.start(data_dir, settings.broker_socket)
            return settings
        url = postgres.database(self._run, self._worker)
        settings = Settings(data_dir, url, SECRET)
        redis_url = valkey.start(data_dir, settings.broker_socket)
        return Settings(data_dir, url, SECRET, redis_url=redis_url)

    def _sqlite(self, data_dir: Path) -> str:
        """A copy of the file that holds the empty tables."""
        template = self._run / "template.sqlite3"
        once(self._run, "sqlite-template", lambda: schema.lay(f"sqlite:///{template}", "template"))
        shutil.copyfile(template, data_dir / "crm.sqlite3")
        return f"sqlite:///{data_dir / 'crm.sqlite3'}"
