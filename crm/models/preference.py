"""Preferences: when and how a user wants to be told what is due."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, UTCDateTime, WordSet

IS_DIGESTED = text("digest_next_at IS NOT NULL")
LOOKS_AHEAD = text("look_ahead_next_at IS NOT NULL")


class OwnCopy(StrEnum):
    """How talks come into the user's own calendar; by both ways they would be there twice."""

    FEED = "feed"
    INVITATION = "invitation"


class Preference(Base):
    """One user's wishes in one workspace. Times of day are wall clocks in the user's zone, "08:00"."""

    __tablename__ = "preferences"
    __table_args__ = (
        Index("uq_preferences_user", "workspace_id", "user_id", unique=True),
        Index(
            "ix_preferences_digest",
            "digest_next_at",
            sqlite_where=IS_DIGESTED,
            postgresql_where=IS_DIGESTED,
        ),
        Index(
            "ix_preferences_look_ahead",
            "look_ahead_next_at",
            sqlite_where=LOOKS_AHEAD,
            postgresql_where=LOOKS_AHEAD,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    digest_at: Mapped[str] = mapped_column(String(5), default="08:00")
    #: When the next digest is to be looked at; None while nothing goes into one.
    digest_next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Also what is near in time may wait for the digest.
    near_in_digest: Mapped[bool] = mapped_column(default=False)
    #: The week to come, on Sunday evening; None where it is not wanted.
    look_ahead_next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Both or neither; the hours may wrap midnight.
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_until: Mapped[str | None] = mapped_column(String(5))
    #: "sat", "sun", …
    days_off: Mapped[tuple[str, ...]] = mapped_column(WordSet, default=())
    own_copy: Mapped[OwnCopy] = mapped_column(default=OwnCopy.FEED, server_default=OwnCopy.FEED)
