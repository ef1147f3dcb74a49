"""Who uses Fika: workspaces, users, their membership and the tokens of their programs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_security import UserMixin
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.database import Base, UTCDateTime, new_key


class Role(StrEnum):
    """What a member may do in a workspace."""

    OWNER = "owner"
    MEMBER = "member"


class Workspace(Base):
    """The wall around everything: no row of one workspace is ever seen from another."""

    __tablename__ = "workspaces"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    #: Changed delays and promises switched off: `{"ask": {"days": 5}, "close": {"off": true}}`.
    promises: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)
    #: How many first asks an import or a bulk action may promise for one week.
    asks_per_week: Mapped[int] = mapped_column(default=10)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class User(Base, UserMixin):
    """A seeker, or somebody of a career centre. Flask-Security signs them in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    #: IANA name of the zone in which this user's mornings and evenings are.
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    active: Mapped[bool] = mapped_column(default=True)
    #: Owns the installation: sees what concerns all of it.
    is_owner: Mapped[bool] = mapped_column(default=False)
    #: Changes with the password, which ends every session (Flask-Security).
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=new_key)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    memberships: Mapped[list[Membership]] = relationship(back_populates="user")
    # Flask-Security asks for them; what a user may do is in the membership.
    roles: list[Any] = []  # noqa: RUF012  (never written to)


class Membership(Base):
    """A user in a workspace."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(default=Role.OWNER)
    user: Mapped[User] = relationship(back_populates="memberships")
    workspace: Mapped[Workspace] = relationship()


class Token(Base):
    """A program's key to the API; only its hash is kept."""

    __tablename__ = "tokens"
    __table_args__ = (Index("ix_tokens_workspace_user", "workspace_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user: Mapped[User] = relationship()
    workspace: Mapped[Workspace] = relationship()


class IdempotencyKey(Base):
    """A POST that was already made: its answer is given again for 24 hours."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("workspace_id", "token_id", "path", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    path: Mapped[str] = mapped_column(String(300))
    key: Mapped[str] = mapped_column(String(200))
    body_hash: Mapped[str] = mapped_column(String(64))
    #: None while the first request is still being answered.
    status: Mapped[int | None]
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
