"""Subscriptions: which kinds of letters a user wants, stopped by one click and started again."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.domain.errors import NotFound
from crm.models import Kind, MessageKind, Subscription, User

#: 16 random bytes in 22 characters, so that the whole address fits into one header line.
TOKEN_BYTES = 16


def token(user: User, workspace_id: int, kind: Kind) -> str:
    """The secret part of the address at which this kind stops; made at the first letter."""
    found = _of(user.id, workspace_id, MessageKind(kind))
    if found is None:
        found = Subscription(
            workspace_id=workspace_id,
            user_id=user.id,
            kind=MessageKind(kind),
            token=secrets.token_urlsafe(TOKEN_BYTES),
        )
        db.session.add(found)
        db.session.flush()
    return found.token


def wanted(user: User, workspace_id: int, kind: Kind) -> bool:
    """Whether letters of this kind go to this user; the promise stands on the page either way."""
    found = _of(user.id, workspace_id, MessageKind(kind))
    return found is None or found.off_at is None


def stopped(user: User, workspace_id: int) -> set[str]:
    """The kinds of letters that this user does not want."""
    query = select(Subscription.kind).where(
        Subscription.workspace_id == workspace_id,
        Subscription.user_id == user.id,
        Subscription.off_at.is_not(None),
    )
    return {kind.value for kind in db.session.scalars(query)}


def switch(user: User, workspace_id: int, kind: Kind, *, on: bool, now: datetime) -> None:
    """Letters of a kind, or none."""
    found = by_token(token(user, workspace_id, kind))
    start(found) if on else stop(found, now=now)


def by_token(secret: str) -> Subscription:
    """The subscription that an address names; NotFound for an unknown one."""
    found = db.session.scalars(select(Subscription).where(Subscription.token == secret)).first()
    if found is None:
        raise NotFound("subscription")
    return found


def stop(subscription: Subscription, *, now: datetime) -> None:
    """No more letters of this kind; doing it twice does no harm."""
    subscription.off_at = subscription.off_at or now


def start(subscription: Subscription) -> None:
    """Letters of this kind again."""
    subscription.off_at = None


def _of(user_id: int, workspace_id: int, kind: MessageKind) -> Subscription | None:
    query = select(Subscription).where(
        Subscription.workspace_id == workspace_id,
        Subscription.user_id == user_id,
        Subscription.kind == kind,
    )
    # Nothing that waits to be written bears on it, and many letters are written at once.
    return db.session.scalars(query.execution_options(autoflush=False)).first()
