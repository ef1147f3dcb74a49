"""Notifications: what is due as the application itself tells it, in the bell and on the user's devices."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime
from crm.models.message import Message, MessageKind, Way
from crm.models.reminder import Reminder, ReminderState

IS_UNSEEN = text("seen_at IS NULL")
IS_FOR_DIGEST = text("way = 'digest' AND letter_id IS NULL")
IS_PUSHABLE = text("state IN ('waiting', 'sending')")
#: Somebody has acted on these since, so that there is nothing to tell any more.
SETTLED = (ReminderState.DONE, ReminderState.CANCELLED, ReminderState.SNOOZED)


class Notification(Base):
    """One thing that came due, written in the unit of work that made it so; it needs no mail server."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_workspace_user", "workspace_id", "user_id", "id"),
        Index(
            "ix_notifications_unseen",
            "workspace_id",
            "user_id",
            sqlite_where=IS_UNSEEN,
            postgresql_where=IS_UNSEEN,
        ),
        Index(
            "ix_notifications_digest",
            "workspace_id",
            "user_id",
            sqlite_where=IS_FOR_DIGEST,
            postgresql_where=IS_FOR_DIGEST,
        ),
        Index("ix_notifications_workspace_reminder", "workspace_id", "reminder_id"),
        Index("ix_notifications_letter", "letter_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("reminders.id"))
    #: A step is told once, whoever tells it: "reminder 7 step 0 once".
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[MessageKind]
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(String(500), default="")
    #: The page to open, "/due/7".
    path: Mapped[str] = mapped_column(String(300))
    #: When it came due.
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: From then on it is of no more use.
    not_after: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Comes in quiet hours and on days off too.
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: How mail tells it besides.
    way: Mapped[Way]
    #: The letter that told it: its own, or the digest it went into.
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))

    letter: Mapped[Message | None] = relationship()
    reminder: Mapped[Reminder | None] = relationship()

    @property
    def is_news(self) -> bool:
        """Whether the user has neither seen it nor acted on what it tells."""
        return self.seen_at is None and (self.reminder is None or self.reminder.state not in SETTLED)

    @property
    def tag(self) -> str:
        """What a device and a push service call it, so that it shows once however often it comes."""
        return f"notification-{self.id}"


class Device(Base):
    """A browser that wants notifications even while no page is open (Web Push, RFC 8030)."""

    __tablename__ = "devices"
    __table_args__ = (
        Index("uq_devices_endpoint", "endpoint_hash", unique=True),
        Index("ix_devices_workspace_user", "workspace_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: What the browser calls itself, "Firefox on Android".
    name: Mapped[str] = mapped_column(String(100))
    endpoint: Mapped[str] = mapped_column(String(1000))
    endpoint_hash: Mapped[str] = mapped_column(String(64))
    #: The browser's public key and secret (RFC 8291), base64url.
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_reply: Mapped[str] = mapped_column(Text, default="")


class PushState(StrEnum):
    """Where a push stands. It may come twice: a device shows the same notification once."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Push(Base):
    """A notification on its way to one device."""

    __tablename__ = "pushes"
    __table_args__ = (
        UniqueConstraint("notification_id", "device_id"),
        Index("ix_pushes_queue", "next_try_at", sqlite_where=IS_PUSHABLE, postgresql_where=IS_PUSHABLE),
        Index("ix_pushes_device", "device_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    notification_id: Mapped[int] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"))
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"))
    state: Mapped[PushState] = mapped_column(default=PushState.WAITING)
    #: When it is to be tried; while it is being sent, when the lease ends.
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    reply: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    notification: Mapped[Notification] = relationship()
    device: Mapped[Device] = relationship()
