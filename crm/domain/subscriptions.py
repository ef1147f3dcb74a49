"""Subscriptions: by which way each kind of letter comes to a user, stopped by one click and started again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, tuple_

from crm.database import db
from crm.domain import preferences
from crm.domain.errors import Invalid, NotFound
from crm.models import Kind, MessageKind, Subscription, User, Way

#: 16 random bytes in 22 characters, so that the whole address fits into one header line.
TOKEN_BYTES = 16
#: Comes to nobody who did not ask for it.
ASKED_FOR = (MessageKind.LOOK_AHEAD,)


def token(user: User, workspace_id: int, kind: Kind | MessageKind) -> str:
    """The secret part of the address at which this kind stops; made at the first letter."""
    return _kept(user.id, workspace_id, MessageKind(kind)).token


def way(user: User, workspace_id: int, kind: Kind | MessageKind) -> Way:
    """How this kind is told by mail; the promise stands on the page either way.

    Where the digest itself was stopped, what would go into it is told by the page alone.
    """
    return told_by(ways(user, workspace_id), kind)


def told_by(chosen: Mapping[MessageKind, Way], kind: Kind | MessageKind) -> Way:
    """The same, for whoever has the choices of `ways` at hand."""
    found = chosen[MessageKind(kind)]
    is_stopped = found is Way.DIGEST and chosen[MessageKind.DIGEST] is Way.OFF
    return Way.OFF if is_stopped else found


def ways(user: User, workspace_id: int) -> dict[MessageKind, Way]:
    """What this user chose for each kind; for the digest and the look-ahead, whether they come."""
    owner = workspace_id, user.id
    return chosen(of_many([owner]).get(owner, {}))


def chosen(kept: Mapping[MessageKind, Subscription]) -> dict[MessageKind, Way]:
    """The same out of rows at hand."""
    found = {kind: Way.OFF if row.off_at else row.way for kind, row in kept.items()}
    return {kind: _at_first(kind) for kind in MessageKind} | found


def of_many(owners: Collection[tuple[int, int]]) -> dict[tuple[int, int], dict[MessageKind, Subscription]]:
    """The rows of several users, each named by the ids of workspace and user."""
    query = select(Subscription).where(
        tuple_(Subscription.workspace_id, Subscription.user_id).in_(list(owners))
    )
    found: dict[tuple[int, int], dict[MessageKind, Subscription]] = {}
    # Nothing that waits to be written bears on it, and many letters are written at once.
    for row in db.session.scalars(query.execution_options(autoflush=False)):
        found.setdefault((row.workspace_id, row.user_id), {})[row.kind] = row
    return found


def choose(user: User, workspace_id: int, kind: Kind | MessageKind, way: Way, *, now: datetime) -> None:
    """Let this kind come by this way from now on; what was off comes back by the way that it came before."""
    found = _kept(user.id, workspace_id, MessageKind(kind))
    if way is Way.OFF:
        found.off_at = found.off_at or now
    else:
        found.way, found.off_at = way, None
    db.session.flush()
    preferences.renew(user, workspace_id, now=now)


def choose_all(user: User, workspace_id: int, kinds: Mapping[str, str], *, now: datetime) -> None:
    """Several kinds of reminders at once, each named with its way; Invalid where there is no such one."""
    known = kinds.keys() <= set(Kind) and set(kinds.values()) <= set(Way)
    if not known:
        raise Invalid(kinds=f"Choose for each kind one of {', '.join(Way)}; kinds are {', '.join(Kind)}.")
    for kind, way in kinds.items():
        choose(user, workspace_id, Kind(kind), Way(way), now=now)


def by_token(secret: str) -> Subscription:
    """The subscription that an address names; NotFound for an unknown one."""
    found = db.session.scalars(select(Subscription).where(Subscription.token == secret)).first()
    if found is None:
        raise NotFound("subscription")
    return found


def stop(subscription: Subscription, *, now: datetime) -> None:
    """No more letters of this kind; doing it twice does no harm."""
    choose(_user(subscription), subscription.workspace_id, subscription.kind, Way.OFF, now=now)


def start(subscription: Subscription, *, now: datetime) -> None:
    """Letters of this kind again, as they came before."""
    before = Way.LETTER if subscription.way is Way.OFF else subscription.way
    choose(_user(subscription), subscription.workspace_id, subscription.kind, before, now=now)


def _kept(user_id: int, workspace_id: int, kind: MessageKind) -> Subscription:
    query = select(Subscription).where(
        Subscription.workspace_id == workspace_id,
        Subscription.user_id == user_id,
        Subscription.kind == kind,
    )
    found = db.session.scalars(query.execution_options(autoflush=False)).first()
    if found is None:
        found = Subscription(
            workspace_id=workspace_id,
            user_id=user_id,
            kind=kind,
            way=_at_first(kind),
            token=secrets.token_urlsafe(TOKEN_BYTES),
        )
        db.session.add(found)
        db.session.flush()
    return found


def _at_first(kind: MessageKind) -> Way:
    return Way.OFF if kind in ASKED_FOR else Way.LETTER


def _user(subscription: Subscription) -> User:
    return db.session.get_one(User, subscription.user_id)
