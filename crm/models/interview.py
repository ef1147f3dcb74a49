"""Interviews: the talks themselves, planned, held or called off."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import DateTime, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime
from crm.models.contact import Contact


class Medium(StrEnum):
    """How the talk is held (P-A4)."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"
    EMAIL = "email"


class InterviewState(StrEnum):
    """Where the talk itself stands."""

    PLANNED = "planned"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Rsvp(StrEnum):
    """What the contact said to the date (RFC 5545 §3.2.12, PARTSTAT)."""

    NEEDS_ACTION = "needs_action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"


def new_token() -> str:
    """96 random bits as small letters and figures, fit for a plus-address."""
    return secrets.token_hex(12)


class Interview(Base):
    """A date with a contact. The wall clock and its zone are the intent, the instant follows."""

    __tablename__ = "interviews"
    __table_args__ = (
        Index("ix_interviews_workspace_contact", "workspace_id", "contact_id"),
        Index("ix_interviews_workspace_owner_start", "workspace_id", "owner_id", "starts_at"),
        Index("uq_interviews_token", "token", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The planned end: DTEND. What really happened is in `ended_at`.
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: What was agreed on, read from a clock on the wall in `timezone`.
    wall_start: Mapped[datetime] = mapped_column(DateTime)
    timezone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    medium: Mapped[Medium]
    place: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[InterviewState] = mapped_column(default=InterviewState.PLANNED)
    #: Never changes; the same in feed, download and invitation (RFC 5545 §3.8.4.7).
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    #: Rises with each change of time, length, place or status (RFC 5546 §2.1.4).
    sequence: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    thanked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    notes: Mapped[str] = mapped_column(Text, default="")
    #: Whether the contact was invited and hears of changes.
    invited: Mapped[bool] = mapped_column(default=False)
    #: Who the invitation names as organizer; chosen once, kept (contract, Mail).
    organizer: Mapped[str] = mapped_column(String(254), default="")
    #: What an answer to the invitation proves itself by; in the organizer's address where mail is read.
    token: Mapped[str] = mapped_column(String(32), default=new_token)
    #: The address that was invited last, in small letters; the same person may be written to elsewhere now.
    guest: Mapped[str] = mapped_column(String(254), default="", server_default="")
    #: Answers with a lower SEQUENCE were given to another date, length or place (RFC 5546 §2.1.5).
    dated_sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    rsvp: Mapped[Rsvp] = mapped_column(default=Rsvp.NEEDS_ACTION, server_default=Rsvp.NEEDS_ACTION)
    rsvp_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    contact: Mapped[Contact] = relationship()
