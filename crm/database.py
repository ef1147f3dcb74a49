"""The database: one session, one clock, one way to commit.

SQLite on one machine, PostgreSQL in production; whatever differs between the two is in this file.
"""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zlib import crc32

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Dialect, Engine, Enum, MetaData, event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import DateTime, String, TypeDecorator

#: Constraints have names of their own, so that a migration can drop them on either database.
NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


#: A StrEnum is kept as its word; a new word needs no migration.
WORDS = Enum(StrEnum, native_enum=False, length=20, values_callable=lambda words: [w.value for w in words])


class Base(DeclarativeBase):
    """What every model inherits."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={StrEnum: WORDS})


db = SQLAlchemy(model_class=Base)

#: A value in a query that the driver is asked by itself.
_NAMED = re.compile(r":(\w+)")
#: Whether the unit of work that is open may write; SQLite has to be told at BEGIN.
_writing: ContextVar[bool] = ContextVar("writing", default=False)
#: Whether its commit has to survive a power cut; SQLite does not wait for the disk otherwise.
_durable: ContextVar[bool] = ContextVar("durable", default=False)


def utcnow() -> datetime:
    """The present instant, aware, in UTC. Views and workers call it; the domain is told."""
    return datetime.now(UTC)


def new_key() -> str:
    """A random identity of 32 characters for things that need one before they are stored."""
    return uuid.uuid4().hex


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in UTC in Python, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times at the door; SQLite compares text, so all of it is in one zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A time without a zone cannot be stored: {value!r}.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WordSet(TypeDecorator[tuple[str, ...]]):
    """A small set of words in one column, kept as `" a b "` so that LIKE `"% a %"` finds one."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Words in the order given, each between spaces; a string is taken as it is, for LIKE."""
        if isinstance(value, str):
            return value
        return f" {' '.join(value)} " if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """The words as a tuple."""
        return tuple((value or "").split())


class NestedTransaction(RuntimeError):
    """A unit of work was opened inside another: a verb must not commit."""


@contextmanager
def transaction(*, durable: bool = False) -> Iterator[None]:
    """One unit of work: what is written in it is read in it, and it is committed once, at its end.

    Whatever this session read before is forgotten at the start, so that nothing stale is written
    back. On SQLite it takes the write lock at once (BEGIN IMMEDIATE): two writers wait for each
    other instead of failing half way. On PostgreSQL rows are locked as they are read.

    A `durable` one is on the disk when it ends, on SQLite too.
    """
    if _writing.get():
        raise NestedTransaction("transaction() is opened in views and workers alone, and once.")
    session = db.session
    session.rollback()
    session.expire_all()
    token, kind = _writing.set(True), _durable.set(durable)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)
        _durable.reset(kind)


@contextmanager
def straight() -> Iterator[Connection]:
    """A connection on which every statement is a unit of work of its own, on the disk when it returns.

    For the one path where thousands of small steps follow each other, and each has to be durable.
    """
    # SQLite commits each statement by itself as long as nobody says BEGIN.
    level = {} if db.engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
    with db.engine.connect().execution_options(straight=True, **level) as connection:
        yield connection


def glance(query: str, **values: Any) -> tuple[Any, ...] | None:
    """The first row of one statement that only reads, asked of the driver itself.

    For what is asked with every fetch: a session, and what it says before and after, cost more than that.
    Values are written `:name` on both databases.
    """
    pooled = db.engine.raw_connection()
    try:
        driver: Any = pooled.driver_connection
        if isinstance(driver, sqlite3.Connection):
            kept = {name: _as_kept(value) for name, value in values.items()}
            return driver.execute(query, kept).fetchone()  # type: ignore[no-any-return]
        driver.autocommit = True
        try:
            return driver.execute(_NAMED.sub(r"%(\1)s", query), values).fetchone()  # type: ignore[no-any-return]
        finally:
            driver.autocommit = False
    finally:
        pooled.close()


def _as_kept(value: Any) -> Any:
    """An instant as SQLite keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value


def exclusive(what: str) -> None:
    """Wait, within a unit of work, until no other one does the same; SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(crc32(what.encode()))))


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL, foreign keys and patience; transactions are begun by us, not by the driver."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=20000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "connect")
def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """What was committed is on the disk, however the server is set: a letter's DATA counts on it."""
    if isinstance(connection, sqlite3.Connection):
        return
    is_lax = "current_setting('synchronous_commit') = 'off'"
    connection.execute(f"SELECT set_config('synchronous_commit', 'on', false) WHERE {is_lax}")
    connection.commit()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    # An isolation level, once asked for, leaves the driver in its own mode, which says BEGIN by itself.
    connection.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]
    straight = connection.get_execution_options().get("straight", False)
    wanted = "FULL" if straight or _durable.get() else "NORMAL"
    if connection.info.get("synchronous", "NORMAL") != wanted:
        connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
        connection.info["synchronous"] = wanted
    if not straight:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
