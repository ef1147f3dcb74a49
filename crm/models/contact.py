"""Contacts, the five stages they walk, and the history of every step."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime, WordSet
from crm.models.account import User, Workspace
from crm.models.campaign import Campaign, campaign_contacts
from crm.models.organisation import Organisation


class Stage(StrEnum):
    """Where a contact stands, in the order in which they walk."""

    LOCATED = "located"
    AGREED = "agreed"
    INTERVIEWED = "interviewed"
    THANKED = "thanked"
    RECONNECTED = "reconnected"

    @property
    def number(self) -> int:
        """0 for located … 4 for reconnected."""
        return list(Stage).index(self)


class Closed(StrEnum):
    """Why a contact is out of the way; nothing is deleted."""

    PARKED = "parked"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    MOVED_ON = "moved_on"
    DO_NOT_CONTACT = "do_not_contact"


class WorkRole(StrEnum):
    """What somebody is in the field (P-L2); one person may hold several."""

    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"
    HIRING_MANAGER = "hiring_manager"


class InField(StrEnum):
    """Whether somebody still works in the field (P-L2)."""

    NOW = "now"
    RECENTLY = "recently"
    NO = "no"


class Interest(StrEnum):
    """How lasting their interest in the seeker seems (P-C1)."""

    CHAMPION = "champion"
    WARM = "warm"
    OTHER = "other"


#: On the board: neither closed nor in the trash.
ON_BOARD = text("deleted_at IS NULL AND closed IS NULL")


class Contact(Base):
    """A person who may talk, has talked, or is kept in touch with."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index(
            "ix_contacts_board",
            "workspace_id",
            "stage",
            "stage_since",
            sqlite_where=ON_BOARD,
            postgresql_where=ON_BOARD,
        ),
        Index("ix_contacts_workspace_email", "workspace_id", "email_key"),
        # Mail that comes in names no workspace.
        Index("ix_contacts_email", "email_key"),
        Index("ix_contacts_workspace_name", "workspace_id", "name_key"),
        Index("ix_contacts_workspace_linkedin", "workspace_id", "linkedin_url"),
        Index("ix_contacts_workspace_organisation", "workspace_id", "organisation_id"),
        Index("ix_contacts_workspace_referrer", "workspace_id", "referred_by_id"),
        Index("ix_contacts_workspace_import", "workspace_id", "import_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    #: Promises go to the owner, in the owner's zone.
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(400))
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(60))
    title: Mapped[str | None] = mapped_column(String(200))
    roles: Mapped[tuple[str, ...]] = mapped_column(WordSet, default=())
    in_field: Mapped[InField | None]
    source: Mapped[str | None] = mapped_column(String(200))
    interest: Mapped[Interest | None]
    linkedin_url: Mapped[str | None] = mapped_column(String(500))
    postal_address: Mapped[str | None] = mapped_column(Text)
    #: IANA name of the zone in which the contact lives, where it is known.
    timezone: Mapped[str | None] = mapped_column(String(64))
    notes: Mapped[str | None] = mapped_column(Text)
    stage: Mapped[Stage] = mapped_column(default=Stage.LOCATED)
    stage_since: Mapped[datetime] = mapped_column(UTCDateTime)
    closed: Mapped[Closed | None]
    #: The last touch in either direction; the rhythm counts from it.
    touched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Outgoing touches while located: the first ask and the follow-ups to it.
    asks: Mapped[int] = mapped_column(default=0)
    #: What searches look through: name, organisation, title, address, tags, folded.
    search_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    workspace: Mapped[Workspace] = relationship()
    owner: Mapped[User] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    referred_by: Mapped[Contact | None] = relationship(remote_side="Contact.id")
    #: Those that were not put away.
    campaigns: Mapped[list[Campaign]] = relationship(
        secondary=campaign_contacts,
        secondaryjoin=lambda: and_(
            Campaign.id == campaign_contacts.c.campaign_id, Campaign.deleted_at.is_(None)
        ),
        order_by=Campaign.id,
        viewonly=True,
    )
    tags: Mapped[list[ContactTag]] = relationship(cascade="all, delete-orphan", order_by="ContactTag.tag_key")

    @property
    def tag_names(self) -> list[str]:
        """The tags as they were written."""
        return [tag.tag for tag in self.tags]


class ContactTag(Base):
    """A word that the user put on a contact."""

    __tablename__ = "contact_tags"
    __table_args__ = (
        UniqueConstraint("contact_id", "tag_key"),
        Index("ix_contact_tags_workspace_tag", "workspace_id", "tag_key", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    tag: Mapped[str] = mapped_column(String(50))
    tag_key: Mapped[str] = mapped_column(String(400))


class StageChange(Base):
    """One step of a contact through the pipeline; what was skipped is a row too."""

    __tablename__ = "stage_changes"
    __table_args__ = (Index("ix_stage_changes_workspace_contact", "workspace_id", "contact_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    was: Mapped[Stage]
    became: Mapped[Stage]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    #: Stages that were passed over on the way.
    skipped: Mapped[tuple[str, ...]] = mapped_column(WordSet, default=())
    #: How everything stood before this move, so that it can be taken back (`domain.moves`).
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
