"""Feeds: the calendars that a user's programs subscribe to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
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
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_fetched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user: Mapped[User] = relationship()


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
