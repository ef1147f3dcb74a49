"""Activities: everything that happened with a contact, in one timeline."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, UTCDateTime


class Happened(StrEnum):
    """What an entry of the timeline tells of."""

    ASK = "ask"
    MESSAGE = "message"
    CALL = "call"
    MEETING = "meeting"
    VISIT = "visit"
    NOTE = "note"
    STAGE = "stage"
    INTERVIEW = "interview"
    THANKS = "thanks"
    LETTER = "letter"
    #: Mail of theirs that came in.
    REPLY = "reply"
    #: What a program of theirs wrote: out of office.
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    #: An answer to an invitation.
    RSVP = "rsvp"
    IMPORT = "import"
    CHANGE = "change"


class Direction(StrEnum):
    """Whether the seeker reached out, or the contact did."""

    OUT = "out"
    IN = "in"


class Activity(Base):
    """One entry of a contact's timeline."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_workspace_contact", "workspace_id", "contact_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[Happened]
    direction: Mapped[Direction | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
