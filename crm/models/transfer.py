"""Transfers: lists that were brought in, and what each of them changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, UTCDateTime


class ImportState(StrEnum):
    """Where an import stands; a draft was uploaded and looked at, nothing is written yet."""

    DRAFT = "draft"
    WAITING = "waiting"
    CHECKING = "checking"
    LOADING = "loading"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


IS_RUNNING = text("state IN ('waiting', 'checking', 'loading')")
IS_DRAFT = text("state = 'draft'")


class Import(Base):
    """A list on its way in. Counts are written with the rows they count."""

    __tablename__ = "imports"
    __table_args__ = (
        Index("ix_imports_workspace", "workspace_id", "id"),
        Index("ix_imports_running", "id", sqlite_where=IS_RUNNING, postgresql_where=IS_RUNNING),
        Index("ix_imports_drafts", "created_at", sqlite_where=IS_DRAFT, postgresql_where=IS_DRAFT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    source: Mapped[str] = mapped_column(String(200), default="")
    filename: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(30), default="")
    #: Column number to field, as the user left it; None where the format is its own.
    mapping: Mapped[dict[str, str] | None] = mapped_column(JSON)
    state: Mapped[ImportState] = mapped_column(default=ImportState.WAITING)
    #: The sentence for a failed import.
    problem: Mapped[str] = mapped_column(String(500), default="")
    #: The character of the decoded list behind the last row that was read: where a killed worker goes on.
    position: Mapped[int] = mapped_column(default=0)
    #: Rows in the whole list, known after checking.
    total: Mapped[int | None]
    rows: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    merged: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    organisations: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: How often a worker took it up since the last piece that was finished.
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ImportFile(Base):
    """The bytes as uploaded; in the database, since web and worker may be on two machines."""

    __tablename__ = "import_files"

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRefusal(Base):
    """A row that could not be read, with its line and the reason."""

    __tablename__ = "import_refusals"
    __table_args__ = (Index("ix_import_refusals_import", "workspace_id", "import_id", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    line: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))


class ImportChange(Base):
    """What an import changed in a contact that was known: `{field: [before, after]}`."""

    __tablename__ = "import_changes"
    __table_args__ = (Index("ix_import_changes_import", "workspace_id", "import_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
