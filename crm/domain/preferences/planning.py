"""Planning: when the next digest and the next look-ahead are to be looked at."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select

from crm.database import db
from crm.domain import clock
from crm.domain.preferences.hours import Hours, sunday_evening
from crm.domain.preferences.keeping import find, kept_of, look_again
from crm.models import MessageKind, Notification, Preference, Subscription, User, Way


def digest_hours(wishes: Preference, user: User) -> Hours:
    """At which hour the digest comes, on which days, by this user's clock."""
    return Hours(time.fromisoformat(wishes.digest_at), clock.zone(user.timezone), wishes.days_off)


def renew(user: User, workspace_id: int, *, now: datetime) -> None:
    """After a choice of ways: the digest comes while something goes into it, the week while it is wanted."""
    chosen = _chosen(user.id, workspace_id)
    wishes = find(user.id, workspace_id, lock=True)
    digested = _is_digested(user.id, workspace_id, chosen)
    looks_ahead = chosen.get(MessageKind.LOOK_AHEAD) is Way.LETTER
    if wishes is None:
        if not (digested or looks_ahead):
            return
        wishes = kept_of(user, workspace_id)
    coming = sunday_evening(clock.zone(user.timezone)).next(now)
    wishes.look_ahead_next_at = (wishes.look_ahead_next_at or coming) if looks_ahead else None
    coming = digest_hours(wishes, user).next(now)
    wishes.digest_next_at = (wishes.digest_next_at or coming) if digested else None


def travelled(user: User, *, now: datetime) -> None:
    """The user's zone has changed: what is still to come moves with it; no local date gets a second one."""
    for wishes in db.session.scalars(select(Preference).where(Preference.user_id == user.id)):
        look_again(wishes, now=now)


def _chosen(user_id: int, workspace_id: int) -> dict[MessageKind, Way]:
    query = select(Subscription).where(
        Subscription.workspace_id == workspace_id, Subscription.user_id == user_id
    )
    return {found.kind: Way.OFF if found.off_at else found.way for found in db.session.scalars(query)}


def _is_digested(user_id: int, workspace_id: int, chosen: dict[MessageKind, Way]) -> bool:
    """Whether anything goes into a digest, or still waits for one, and the digest itself is wanted."""
    if chosen.get(MessageKind.DIGEST) is Way.OFF:
        return False
    waits = select(Notification.id).where(
        Notification.workspace_id == workspace_id,
        Notification.user_id == user_id,
        Notification.way == Way.DIGEST,
        Notification.letter_id.is_(None),
    )
    return Way.DIGEST in chosen.values() or db.session.scalars(waits.limit(1)).first() is not None
