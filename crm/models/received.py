"""What came in by mail, where it was looked for, and the addresses that users forward to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime
from crm.models.activity import Direction
from crm.models.contact import Contact
from crm.models.message import Message

IS_OFFER = text("kind = 'offer' AND settled_at IS NULL")
IS_OPEN_REPLY = text("kind = 'reply' AND settled_at IS NULL")


class Came(StrEnum):
    """What a message that came in turned out to be."""

    REPLY = "reply"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    #: Not final: a server goes on trying, or says that it has delivered.
    DELIVERY = "delivery"
    COMPLAINT = "complaint"
    RSVP = "rsvp"
    #: What the user wrote to a contact, with a copy to the dropbox.
    SENT = "sent"
    #: From or to somebody who is no contact yet; the user decides.
    OFFER = "offer"
    #: Concerns nobody here: nothing of it is kept but its hash.
    UNKNOWN = "unknown"


class Received(Base):
    """One message that came in. The same message, however often it comes, is one row."""

    __tablename__ = "received"
    __table_args__ = (
        Index("ix_received_workspace", "workspace_id", "id"),
        Index("ix_received_workspace_contact", "workspace_id", "contact_id"),
        Index("ix_received_kind_at", "kind", "at"),
        Index(
            "ix_received_offers",
            "workspace_id",
            "user_id",
            sqlite_where=IS_OFFER,
            postgresql_where=IS_OFFER,
        ),
        Index(
            "ix_received_replies",
            "workspace_id",
            "contact_id",
            sqlite_where=IS_OPEN_REPLY,
            postgresql_where=IS_OPEN_REPLY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None where it concerns nobody here.
    workspace_id: Mapped[int | None] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    #: The letter that it answers, or tells of.
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    #: The entry of the timeline that it became.
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    #: Of what makes the message the same wherever it is read again.
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[Came]
    #: Of an offer: whether they wrote, or the user did.
    direction: Mapped[Direction | None]
    #: When it was written, as far as its date can be believed.
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sender: Mapped[str] = mapped_column(String(254), default="")
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    #: What they wrote, and below it what they quoted.
    text: Mapped[str] = mapped_column(Text, default="")
    quoted: Mapped[str] = mapped_column(Text, default="")
    #: What it means, told to the user.
    sentence: Mapped[str] = mapped_column(Text, default="")
    #: When the user made the contact, made the move, or waved it away.
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    contact: Mapped[Contact | None] = relationship()
    letter: Mapped[Message | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether the user is still to decide about it."""
        return self.kind is Came.OFFER and self.settled_at is None


class Cursor(Base):
    """How far a mailbox was read, and how it went the last time (RFC 3501 §2.3.1.1)."""

    __tablename__ = "mailbox_cursors"

    #: A hash of server, user and mailbox: another mailbox begins anew.
    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Who reads holds it so long; a reader that died is followed by the next.
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    polled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: What was wrong the last time, and since when; empty where nothing was.
    trouble: Mapped[str] = mapped_column(Text, default="")
    trouble_since: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Dropbox(Base):
    """A user's private address, to which copies go and mail is forwarded."""

    __tablename__ = "dropboxes"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: Shown whenever the user looks, so that it is kept as it is.
    token: Mapped[str] = mapped_column(String(40), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
