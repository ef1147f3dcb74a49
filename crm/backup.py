"""Backups: every row of every table in one file, from SQLite and PostgreSQL alike, while Fika runs.

A ZIP with a line of JSON a row. It is read in one transaction, so that all of it is of one moment,
and can be restored into either database at the same version.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, LargeBinary, Table, func, insert, select, text, update

from crm.core import found_version, wanted_version
from crm.database import Base, UTCDateTime, db

#: Rows written at once when restoring.
CHUNK = 500
MANIFEST = "manifest.json"


class CannotRestore(RuntimeError):
    """The backup does not fit this database; the message says why."""


def write(file: Path, *, now: datetime) -> int:
    """Write everything into a new file of mode 0600; answers the number of rows."""
    count = 0
    partial = file.with_name(f".{file.name}.part")
    partial.touch(mode=0o600)
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive, _snapshot() as connection:
        archive.writestr(MANIFEST, json.dumps({"version": found_version(), "written_at": now.isoformat()}))
        for table in Base.metadata.sorted_tables:
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as lines:
                for row in dump(connection, table):
                    lines.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                    count += 1
    partial.replace(file)
    return count


def restore(file: Path) -> int:
    """Fill an empty database from a backup; answers the number of rows. All of it, or nothing."""
    try:
        return _restore(file)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise CannotRestore(f"{file} is no backup of Fika, or not a whole one.") from error


def _restore(file: Path) -> int:
    with zipfile.ZipFile(file) as archive:
        version = json.loads(archive.read(MANIFEST))["version"]
        if version != wanted_version():
            raise CannotRestore(f"This backup is of version {version}, this program of {wanted_version()}.")
        with db.engine.begin() as connection:
            _check_empty(connection)
            return sum(_fill(connection, archive, table) for table in Base.metadata.sorted_tables)


def dump(connection: Connection, table: Table, *conditions: Any) -> Iterator[dict[str, Any]]:
    """The rows of a table as JSON can carry them: times in RFC 3339, bytes in base64."""
    query = select(table).where(*conditions).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=CHUNK).execute(query).mappings():
        yield {column.name: _plain(row[column]) for column in table.columns}


def _snapshot() -> Connection:
    """A connection whose transaction sees one moment; on SQLite any does."""
    connection = db.engine.connect()
    if connection.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _check_empty(connection: Connection) -> None:
    users = Base.metadata.tables["users"]
    if connection.scalar(select(func.count()).select_from(users)):
        raise CannotRestore("There are accounts in this database already. Restore into an empty one.")


def _fill(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    """Insert a table's rows; what refers to the same table is set once all of them are there."""
    own = [c.name for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]
    links: list[dict[str, Any]] = []
    chunk: list[dict[str, Any]] = []
    count = 0
    for row in _read(archive, table):
        links += [{"row": row["id"], name: row.pop(name)} for name in own if row[name] is not None]
        chunk.append({**row, **dict.fromkeys(own)})
        count += 1
        if len(chunk) == CHUNK:
            connection.execute(insert(table), chunk)
            chunk = []
    if chunk:
        connection.execute(insert(table), chunk)
    for link in links:
        connection.execute(update(table).where(table.c.id == link.pop("row")).values(link))
    _renumber(connection, table)
    return count


def _read(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    with archive.open(f"{table.name}.jsonl") as lines:
        for line in lines:
            row = json.loads(line)
            yield {column.name: _rich(column.type, row[column.name]) for column in table.columns}


def _renumber(connection: Connection, table: Table) -> None:
    """PostgreSQL counts ids by itself, and must go on after the restored ones."""
    if connection.dialect.name == "postgresql" and "id" in table.c and table.name != "mail_channel":
        sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
        query = f"SELECT setval({sequence}, (SELECT COALESCE(MAX(id), 0) + 1 FROM {table.name}), false)"  # noqa: S608
        connection.execute(text(query))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return list(value) if isinstance(value, tuple) else value


def _rich(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value
