"""Thanks: the card or the letter after a talk (P-T1, P-T2)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, UTCDateTime


class ThanksBy(StrEnum):
    """How thanks were said; both may be done."""

    CARD = "card"
    EMAIL = "email"


class Thanks(Base):
    """One card or letter of thanks that was sent or posted."""

    __tablename__ = "thanks"
    __table_args__ = (Index("ix_thanks_workspace_interview", "workspace_id", "interview_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    interview_id: Mapped[int] = mapped_column(ForeignKey("interviews.id"))
    by: Mapped[ThanksBy | None]
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
