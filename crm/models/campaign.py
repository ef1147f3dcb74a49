"""Campaigns: the fields that a seeker explores (P-L2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, UTCDateTime

#: Which contacts belong to which campaigns; a contact may be in several.
campaign_contacts = Table(
    "campaign_contacts",
    Base.metadata,
    Column("workspace_id", ForeignKey("workspaces.id"), nullable=False),
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("contact_id", ForeignKey("contacts.id"), primary_key=True),
    Index("ix_campaign_contacts_workspace_contact", "workspace_id", "contact_id"),
)


class Campaign(Base):
    """A field being explored, "Water treatment", and what the seeker wants to know of it."""

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_workspace", "workspace_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
