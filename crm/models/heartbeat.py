"""Heartbeats: the proof that worker and scheduler run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime
from crm.models.message import Message

IS_ASKED = text("taken_at IS NULL")


class Heartbeat(Base):
    """When one process of a kind was last alive, and since when it runs."""

    __tablename__ = "heartbeats"

    #: "worker" or "scheduler".
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: Host and process, "web-1:4711".
    node: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Rehearsal(Base):
    """A test reminder that somebody asked for, and how far it has come (the letter tells the rest)."""

    __tablename__ = "rehearsals"
    __table_args__ = (
        Index("ix_rehearsals_asked", "asked_at", sqlite_where=IS_ASKED, postgresql_where=IS_ASKED),
        Index("ix_rehearsals_workspace_user", "workspace_id", "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When the scheduler sent the tick that brought it to a worker.
    ticked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The worker that took it, "host:process".
    node: Mapped[str] = mapped_column(String(120), default="")
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))

    letter: Mapped[Message | None] = relationship()
