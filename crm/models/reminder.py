"""Reminders: what was promised, each promise one row with the time of its next step."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime
from crm.models.account import User, Workspace
from crm.models.contact import Contact
from crm.models.interview import Interview


class Kind(StrEnum):
    """What is promised to the seeker."""

    ASK = "ask"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    SET_DATE = "set_date"
    PREPARE = "prepare"
    BRIEF = "brief"
    HOW_DID_IT_GO = "how_did_it_go"
    THANK_YOU = "thank_you"
    STAY_IN_TOUCH = "stay_in_touch"
    TELL_REFERRER = "tell_referrer"
    REPORT_BACK = "report_back"
    COMMITMENT = "commitment"


class ReminderState(StrEnum):
    """Where a promise stands: pending until its last letter, sent after it."""

    PENDING = "pending"
    SENT = "sent"
    SNOOZED = "snoozed"
    DONE = "done"
    CANCELLED = "cancelled"


#: Something is still to be done for these.
OPEN = (ReminderState.PENDING, ReminderState.SNOOZED, ReminderState.SENT)
#: A letter is still to be written for these.
WAITING = (ReminderState.PENDING, ReminderState.SNOOZED)

IS_OPEN = text("state IN ('pending', 'snoozed', 'sent')")
IS_WAITING = text("state IN ('pending', 'snoozed')")


class Reminder(Base):
    """A promise to the owner of a contact."""

    __tablename__ = "reminders"
    __table_args__ = (
        # Exactly the polled condition, so that an idle tick costs the same at any size.
        Index("ix_reminders_due", "due_at", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
        Index(
            "uq_reminders_open",
            "workspace_id",
            "contact_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_reminders_workspace", "workspace_id", "id"),
        Index("ix_reminders_workspace_owner", "workspace_id", "owner_id", "state", "due_at"),
        Index("ix_reminders_workspace_interview", "workspace_id", "interview_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    interview_id: Mapped[int | None] = mapped_column(ForeignKey("interviews.id"))
    kind: Mapped[Kind]
    #: What of the contact it concerns, "interview 12", so that two talks can each be thanked for.
    subject: Mapped[str] = mapped_column(String(40), default="")
    #: The instant that the steps were counted from.
    anchor_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: All steps in order, as clocks in the owner's zone show them:
    #: `[["at_once", "2026-11-23T11:00:00+01:00"], …]`.
    steps: Mapped[list[list[str]]] = mapped_column(JSON)
    #: How many of the steps are behind us.
    step: Mapped[int] = mapped_column(default=0)
    #: The time of the next step; of the last one when none is left.
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[ReminderState] = mapped_column(default=ReminderState.PENDING)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    contact: Mapped[Contact] = relationship()
    interview: Mapped[Interview | None] = relationship()
    owner: Mapped[User] = relationship()
    workspace: Mapped[Workspace] = relationship()
