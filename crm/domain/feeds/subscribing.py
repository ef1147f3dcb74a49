"""Subscribing: a feed is made, changed, paused, gets another address, and ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload, selectinload

from crm.database import db
from crm.domain import fields, words
from crm.domain.errors import Invalid, NotFound
from crm.models import Campaign, Feed, FeedToken, Include, Privacy, RemindersAs, User, Workspace, feed_marks

#: 192 random bits.
TOKEN_BYTES = 24
#: No unit of work lasts longer: what began before a feed was made, and puts no mark on it, has ended by then.
SETTLED = timedelta(minutes=10)
#: As many as the column has room for.
CAMPAIGNS = 15
DAY = 24 * 60
#: What a feed is where nobody said otherwise.
DEFAULTS: dict[str, Any] = {
    "include": (Include.INTERVIEWS.value,),
    "privacy": Privacy.FULL,
    "campaigns": (),
    "reminders_as": RemindersAs.ALL_DAY,
    "preparation_minutes": 30,
    "alarms": None,
}


def add(workspace: Workspace, user: User, values: dict[str, Any], *, now: datetime) -> tuple[Feed, str]:
    """A new subscription: the row, and the secret part of its address, shown this once."""
    chosen = _cleaned(workspace, {"name": None, **values})
    feed = Feed(workspace_id=workspace.id, user=user, created_at=now, version=1, **{**DEFAULTS, **chosen})
    db.session.add(feed)
    db.session.flush()
    _mark(feed, None)
    _mark(feed, now + SETTLED)
    return feed, _new_token(feed, now)


def change(workspace: Workspace, feed: Feed, values: dict[str, Any]) -> None:
    """Other settings; the address stays. What programs have is brought up to date at their next visit."""
    for name, value in _cleaned(workspace, values).items():
        setattr(feed, name, value)
    feed.version += 1
    _mark(feed, None)


def pause(feed: Feed, *, now: datetime) -> None:
    """Programs are told to come again later, and keep what they have."""
    feed.paused_at = feed.paused_at or now


def resume(feed: Feed) -> None:
    """Programs get the calendar again."""
    feed.paused_at = None


def get(workspace: Workspace, user: User, feed_id: int, *, lock: bool = False) -> Feed:
    """One subscription of this user; NotFound otherwise."""
    how = {"key_share": True} if lock else None
    feed = db.session.get(Feed, feed_id, with_for_update=how)
    if feed is None or feed.workspace_id != workspace.id or feed.user_id != user.id or feed.deleted_at:
        raise NotFound("subscription")
    return feed


def page(workspace: Workspace, user: User, *, limit: int = 50, after: int = 0) -> Sequence[Feed]:
    """The user's subscriptions, oldest first."""
    query = select(Feed).where(
        Feed.workspace_id == workspace.id,
        Feed.user_id == user.id,
        Feed.deleted_at.is_(None),
        Feed.id > after,
    )
    query = query.options(selectinload(Feed.visits))
    return db.session.scalars(query.order_by(Feed.id).limit(limit)).all()


def rotate(feed: Feed, *, now: datetime) -> str:
    """A new address; the old one answers that it is gone."""
    _revoke(feed, now)
    return _new_token(feed, now)


def remove(feed: Feed, *, now: datetime) -> None:
    """The subscription ends; its address answers that it is gone."""
    feed.deleted_at = now
    _revoke(feed, now)


def by_secret(secret: str) -> FeedToken | None:
    """The token row of an address, revoked ones too; None for one that never was."""
    query = select(FeedToken).where(FeedToken.token_hash == words.digest(secret))
    return db.session.scalars(query.options(joinedload(FeedToken.feed).joinedload(Feed.user))).first()


def _cleaned(workspace: Workspace, values: dict[str, Any]) -> dict[str, Any]:
    """What was given, fit to be kept; null is what a new feed would have."""
    cleaned = fields.clean(values, {**_CLEANERS, "campaigns": _campaigns(workspace)})
    if not cleaned.get("include", True) and values["include"] is not None:
        raise Invalid(include="Choose what the calendar holds: talks, reminders, or preparation.")
    return {
        name: DEFAULTS[name] if values[name] is None and name in DEFAULTS else value
        for name, value in cleaned.items()
    }


def _campaigns(workspace: Workspace) -> fields.Cleaner:
    """Ids of campaigns of this workspace; none stands for everybody."""

    def cleaner(value: Any) -> tuple[str, ...]:
        given = set(map(str, value or ()))
        if len(given) > CAMPAIGNS:
            raise fields.Unfit(f"Choose at most {CAMPAIGNS} campaigns, or none for all.")
        query = select(Campaign.id).where(Campaign.workspace_id == workspace.id)
        query = query.where(Campaign.deleted_at.is_(None)).order_by(Campaign.id)
        found = [str(number) for number in db.session.scalars(query)] if given else []
        if given - set(found):
            raise fields.Unfit("There is no such campaign here.")
        return tuple(word for word in found if word in given)

    return cleaner


def _minutes(least: int, most: int, what: str) -> fields.Cleaner:
    number = fields.number(least, most, what)
    return lambda value: None if value is None else number(value)


_CLEANERS: dict[str, fields.Cleaner] = {
    "name": fields.required("a name for the subscription", 100),
    "include": fields.choices(Include),
    "privacy": fields.choice(Privacy),
    "reminders_as": fields.choice(RemindersAs),
    "preparation_minutes": _minutes(5, DAY, "The minutes for preparation"),
    "alarms": _minutes(0, 7 * DAY, "The minutes before a talk"),
}


def _mark(feed: Feed, due_at: datetime | None) -> None:
    """All entries are looked at, at once or later."""
    mark = {"workspace_id": feed.workspace_id, "feed_id": feed.id, "source": "all", "source_id": 0}
    db.session.execute(insert(feed_marks), {**mark, "due_at": due_at})


def _new_token(feed: Feed, now: datetime) -> str:
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        FeedToken(
            workspace_id=feed.workspace_id,
            feed_id=feed.id,
            token_hash=words.digest(secret),
            created_at=now,
        )
    )
    db.session.flush()
    return secret


def _revoke(feed: Feed, now: datetime) -> None:
    query = select(FeedToken).where(FeedToken.feed_id == feed.id, FeedToken.revoked_at.is_(None))
    for token in db.session.scalars(query):
        token.revoked_at = now
