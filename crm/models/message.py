"""Messages: the outbox before they leave, the ledger afterwards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime
from crm.models.contact import Contact


class MessageKind(StrEnum):
    """What a letter is for: a reminder's kind, or one of these."""

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
    DIGEST = "digest"
    LOOK_AHEAD = "look_ahead"
    TEST = "test"
    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    #: No to a time that a calendar program proposed (RFC 5546 §3.2.8).
    DECLINE_COUNTER = "decline_counter"
    #: To the user: a contact answered.
    ANSWER = "answer"
    LETTER = "letter"
    #: To the user: somebody has answered.
    REPLY = "reply"
    #: To the user: a letter came back.
    BOUNCE = "bounce"
    ACCOUNT = "account"


class MessageState(StrEnum):
    """Where a letter stands; `transmitting` and `doubtful` are shown outside as `sending`."""

    WAITING = "waiting"
    SENDING = "sending"
    TRANSMITTING = "transmitting"
    #: Nobody knows whether it left, and the journal is being asked.
    DOUBTFUL = "doubtful"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


IS_QUEUED = text("state = 'waiting'")
IS_LEASED = text("state IN ('sending', 'transmitting')")
IS_DOUBTFUL = text("state = 'doubtful'")
IS_SENT = text("state = 'sent'")
IS_UNCERTAIN = text("state = 'uncertain'")


class Way(StrEnum):
    """How a kind of reminder is told by mail; on the page it stands either way."""

    LETTER = "letter"
    DIGEST = "digest"
    OFF = "off"


class MessageBody(Base):
    """What a letter says, beside its row: the row changes with each step on its way, this does not."""

    __tablename__ = "message_bodies"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    text: Mapped[str | None] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    #: What leaves, byte for byte, however often it is tried.
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)


class Message(Base):
    """A finished letter, and where it stands."""

    __tablename__ = "messages"
    __table_args__ = (
        # Everything that choosing a batch looks at: rows with whole letters in them are not read for it.
        Index(
            "ix_messages_queue",
            "next_try_at",
            "not_after",
            "id",
            sqlite_where=IS_QUEUED,
            postgresql_where=IS_QUEUED,
        ),
        Index("ix_messages_leases", "lease_until", sqlite_where=IS_LEASED, postgresql_where=IS_LEASED),
        Index("ix_messages_doubts", "next_try_at", sqlite_where=IS_DOUBTFUL, postgresql_where=IS_DOUBTFUL),
        Index("ix_messages_sent", "sent_at"),
        Index("ix_messages_uncertain", "id", sqlite_where=IS_UNCERTAIN, postgresql_where=IS_UNCERTAIN),
        # When somebody last got a letter.
        Index(
            "ix_messages_told",
            "workspace_id",
            "user_id",
            "to_contact",
            "sent_at",
            sqlite_where=IS_SENT,
            postgresql_where=IS_SENT,
        ),
        Index("ix_messages_workspace", "workspace_id", "id"),
        Index("ix_messages_workspace_contact", "workspace_id", "contact_id"),
        Index("ix_messages_workspace_interview", "workspace_id", "interview_id"),
        Index("ix_messages_workspace_reminder", "workspace_id", "reminder_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    interview_id: Mapped[int | None] = mapped_column(ForeignKey("interviews.id"))
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("reminders.id"))
    #: Two workers that write the same step make one letter: "reminder 7 step 0 mail".
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[MessageKind]
    #: Written to a contact: never repeated on a doubt, can be undone while it waits.
    to_contact: Mapped[bool] = mapped_column(default=False)
    to: Mapped[str] = mapped_column("recipient", String(254))
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: After this instant the letter is of no more use and expires; the soonest goes first.
    not_after: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Leaves in quiet hours and on days off too.
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Rises with every claim: a worker that slept past its lease finds another number and stops.
    fence: Mapped[int] = mapped_column(default=0)
    #: The address whose copy went along in the last attempt; empty where there was none.
    journal: Mapped[str] = mapped_column(String(254), default="", server_default="")
    #: Since when nobody knows whether it left; the journal is asked from then on.
    doubtful_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    server_reply: Mapped[str | None] = mapped_column(Text)
    #: What came back of it after the server had taken it: the status (RFC 3463), and the reason in words.
    bounce_status: Mapped[str | None] = mapped_column(String(20))
    bounce_reason: Mapped[str | None] = mapped_column(Text)
    bounced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: What taking this letter back restores: `{"stage": "located", "interview": {…}}`.
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    contact: Mapped[Contact | None] = relationship()
    body: Mapped[MessageBody | None] = relationship()

    @property
    def text(self) -> str | None:
        """The text part; None for a letter that holds a secret."""
        return self.body.text if self.body else None

    @property
    def html(self) -> str | None:
        """The HTML part; None for a letter that holds a secret."""
        return self.body.html if self.body else None

    @property
    def raw(self) -> bytes | None:
        """The bytes that leave; None where there are none, or none any more."""
        return self.body.raw if self.body else None


class MailChannel(Base):
    """The way out, one row: open, or stopped because nothing would get through (contract, Mail)."""

    __tablename__ = "mail_channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    probe_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: How many letters may leave within an hour; None: as many as there are.
    per_hour: Mapped[int | None]
    #: The server's last word, and when it was said.
    said: Mapped[str] = mapped_column(Text, default="", server_default="")
    said_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BadAddress(Base):
    """An address that a server refused for good, within one workspace."""

    __tablename__ = "bad_addresses"
    __table_args__ = (Index("uq_bad_addresses_address", "workspace_id", "address", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    address: Mapped[str] = mapped_column(String(254))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Subscription(Base):
    """One kind of letter to one user, and the address at which one click stops it (RFC 8058)."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("uq_subscriptions_kind", "workspace_id", "user_id", "kind", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[MessageKind]
    token: Mapped[str] = mapped_column(String(40), unique=True)
    #: What one gets unless it is off.
    way: Mapped[Way] = mapped_column(default=Way.LETTER, server_default=Way.LETTER)
    off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
