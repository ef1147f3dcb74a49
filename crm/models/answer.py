"""Answers to invitations: every one that came, and the times that were proposed instead."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime
from crm.models.interview import Interview, Rsvp


class AnswerWay(StrEnum):
    """How an answer came: by the page of the invitation, or as an iTIP message (RFC 5546 §1.4)."""

    PAGE = "page"
    REPLY = "reply"
    COUNTER = "counter"
    REFRESH = "refresh"
    DECLINECOUNTER = "declinecounter"


class Answer(Base):
    """One answer as it came, also one that changed nothing."""

    __tablename__ = "answers"
    __table_args__ = (
        # The same message read twice is one answer (RFC 5546 §2.1.5).
        UniqueConstraint("dedupe_key"),
        Index("ix_answers_workspace_interview", "workspace_id", "interview_id", "attendee"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    interview_id: Mapped[int] = mapped_column(ForeignKey("interviews.id"))
    dedupe_key: Mapped[str] = mapped_column(String(120))
    way: Mapped[AnswerWay]
    #: Who answered, as the calendar names them, in small letters; the contact under any alias is the guest.
    attendee: Mapped[str] = mapped_column(String(254))
    #: None where nothing was said about coming.
    rsvp: Mapped[Rsvp | None]
    sequence: Mapped[int]
    stamped_at: Mapped[datetime] = mapped_column(UTCDateTime)
    comment: Mapped[str] = mapped_column(Text, default="")
    #: Whether it became how things stand; older, repeated and strangers' answers do not.
    applied: Mapped[bool] = mapped_column(default=False)
    came_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ProposalState(StrEnum):
    """Where a proposed time stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    #: The talk was moved or called off, or the contact said something else since.
    GONE = "gone"


class Proposal(Base):
    """Another time that the contact would rather meet at (RFC 5546 §3.2.7)."""

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("interview_id", "number"),
        Index("ix_proposals_workspace_interview", "workspace_id", "interview_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    interview_id: Mapped[int] = mapped_column(ForeignKey("interviews.id"))
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"))
    #: Counts from 1 within the interview, and never again.
    number: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Another length, where one was asked for.
    minutes: Mapped[int | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.OPEN)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    interview: Mapped[Interview] = relationship()
    answer: Mapped[Answer] = relationship()

    @property
    def by_counter(self) -> bool:
        """Whether their calendar program asked, and waits to be told."""
        return self.answer.way is AnswerWay.COUNTER
