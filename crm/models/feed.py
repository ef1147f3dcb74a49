"""Feeds: the calendars that a user's programs subscribe to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime, WordSet
from crm.models.account import User


class Privacy(StrEnum):
    """How much a feed tells whoever can read it."""

    FULL = "full"
    INITIALS = "initials"
    BUSY = "busy"


class Include(StrEnum):
    """What a feed holds."""

    INTERVIEWS = "interviews"
    REMINDERS = "reminders"
    PREPARATION = "preparation"


class RemindersAs(StrEnum):
    """How a feed shows what is due."""

    ALL_DAY = "all_day"
    TIMED = "timed"


class Feed(Base):
    """A subscription that the user made and named."""

    __tablename__ = "feeds"
    __table_args__ = (Index("ix_feeds_workspace_user", "workspace_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(100))
    include: Mapped[tuple[str, ...]] = mapped_column(WordSet)
    privacy: Mapped[Privacy]
    #: Ids of the campaigns whose contacts it is about; empty for everybody.
    campaigns: Mapped[tuple[str, ...]] = mapped_column(WordSet, default=(), server_default="")
    reminders_as: Mapped[RemindersAs] = mapped_column(
        default=RemindersAs.ALL_DAY, server_default=RemindersAs.ALL_DAY.value
    )
    #: How long before a talk its preparation begins.
    preparation_minutes: Mapped[int] = mapped_column(default=30, server_default="30")
    #: How long before a talk the calendar program alerts; None: it does not.
    alarms: Mapped[int | None]
    #: Rises with whatever changes the bytes, so that programs and processes know what they have.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    #: By which rules the stored entries were written; another recipe writes all of them anew.
    recipe: Mapped[str] = mapped_column(String(64), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_fetched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user: Mapped[User] = relationship()
    visits: Mapped[list[FeedVisit]] = relationship(order_by="FeedVisit.last_at.desc()", viewonly=True)


class FeedToken(Base):
    """The secret part of a feed's address. Old ones are kept: they answer 410, not 404."""

    __tablename__ = "feed_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    feed: Mapped[Feed] = relationship()


class FeedVisit(Base):
    """A program that fetches a feed: when last, and after how long it came back each time."""

    __tablename__ = "feed_visits"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    program: Mapped[str] = mapped_column(String(40), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Seconds between the latest visits, oldest first.
    gaps: Mapped[list[int]] = mapped_column(JSON, default=list)


class FeedEntry(Base):
    """One entry as it stands in a feed: the bytes of its VEVENT, which feeds join."""

    __tablename__ = "feed_entries"
    __table_args__ = (
        Index("ix_feed_entries_version", "feed_id", "version"),
        Index("ix_feed_entries_start", "starts_at"),
    )

    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    #: What it is of: "interview-12", "preparation-12", "reminder-7".
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The feed's version that brought it, or took it away.
    version: Mapped[int]
    #: None once it has left the feed, until every process knows.
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


#: What changed since a feed's entries were written. The database itself puts the marks (`marking`).
feed_marks = Table(
    "feed_marks",
    Base.metadata,
    Column("workspace_id", ForeignKey("workspaces.id"), nullable=False),
    Column("feed_id", ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False),
    Column("source", String(20), nullable=False),
    Column("source_id", Integer, nullable=False),
    #: When it is to be looked at; at once where there is none.
    Column("due_at", UTCDateTime),
    Index("ix_feed_marks_feed", "feed_id"),
)
