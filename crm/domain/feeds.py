"""Feeds: a user's calendar subscriptions, and what stands in them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import calendar, clock, fields, words
from crm.domain.addresses import Addresses
from crm.domain.calendar import AHEAD, BACK, Entry
from crm.domain.errors import Invalid, NotFound
from crm.domain.places import work
from crm.domain.reminders.wording import TASKS
from crm.models import (
    OPEN,
    Contact,
    Feed,
    FeedToken,
    Include,
    Interview,
    InterviewState,
    Medium,
    Privacy,
    Reminder,
    User,
    Workspace,
)

#: 192 random bits.
TOKEN_BYTES = 24
#: The time of the last fetch is written at most so often.
FETCHED = timedelta(minutes=1)

CLEANERS: dict[str, fields.Cleaner] = {
    "name": fields.required("a name for the subscription", 100),
    "include": fields.choices(Include),
    "privacy": fields.choice(Privacy),
}


def add(workspace: Workspace, user: User, values: dict[str, Any], *, now: datetime) -> tuple[Feed, str]:
    """A new subscription: the row, and the secret part of its address, shown this once."""
    cleaned = fields.clean({"name": None, **values}, CLEANERS)
    if not cleaned.get("include", (Include.INTERVIEWS,)):
        raise Invalid(include="Choose what the calendar holds: interviews, reminders or both.")
    feed = Feed(
        workspace_id=workspace.id,
        user=user,
        name=cleaned["name"],
        include=cleaned.get("include") or (Include.INTERVIEWS.value,),
        privacy=cleaned.get("privacy") or Privacy.FULL,
        created_at=now,
    )
    db.session.add(feed)
    db.session.flush()
    return feed, _new_token(feed, now)


def get(workspace: Workspace, user: User, feed_id: int) -> Feed:
    """One subscription of this user; NotFound otherwise."""
    feed = db.session.get(Feed, feed_id)
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


def is_news(feed: Feed, now: datetime) -> bool:
    """Whether this fetch should be written down; not each of a program that asks every second."""
    return feed.last_fetched_at is None or now - feed.last_fetched_at >= FETCHED


def render(feed: Feed, *, addresses: Addresses, now: datetime) -> bytes:
    """The calendar as bytes: 90 days back to 18 months ahead; the same all day while nothing changes."""
    # Whole UTC days, or the window would change the bytes at every fetch.
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    entries: list[Entry] = []
    if Include.INTERVIEWS in feed.include:
        entries += _interviews(feed, addresses, today)
    if Include.REMINDERS in feed.include:
        entries += _reminders(feed, addresses, today)
    return _written(feed.name, tuple(entries))


@lru_cache(maxsize=128)
def _written(name: str, entries: tuple[Entry, ...]) -> bytes:
    """The bytes of a calendar: programs ask all day for one that did not change, and writing is slow."""
    return calendar.feed(name, entries)


def entry_of(interview: Interview, addresses: Addresses, privacy: Privacy = Privacy.FULL) -> Entry:
    """A talk as the seeker's own calendar shows it."""
    full = privacy is Privacy.FULL
    return Entry(
        uid=interview.uid,
        summary=_title("Interview with {name}", interview.contact, privacy),
        updated_at=max(interview.updated_at, interview.created_at),
        created_at=interview.created_at,
        starts_at=interview.starts_at,
        ends_at=interview.ends_at,
        sequence=interview.sequence,
        description=_description(interview) if full else "",
        location=interview.place if full else "",
        url=addresses.interview(interview.id) if privacy is not Privacy.BUSY else "",
        cancelled=interview.state is InterviewState.CANCELLED,
    )


def _interviews(feed: Feed, addresses: Addresses, today: datetime) -> Iterator[Entry]:
    query = (
        select(Interview)
        .join(Contact, Contact.id == Interview.contact_id)
        .where(
            Interview.workspace_id == feed.workspace_id,
            Interview.owner_id == feed.user_id,
            Interview.state != InterviewState.CANCELLED,
            Interview.medium != Medium.EMAIL,
            Interview.starts_at >= today - BACK,
            Interview.starts_at < today + AHEAD,
            Contact.deleted_at.is_(None),
        )
        .options(joinedload(Interview.contact).joinedload(Contact.organisation))
    )
    for interview in db.session.scalars(query.order_by(Interview.starts_at, Interview.id)):
        yield entry_of(interview, addresses, feed.privacy)


def _reminders(feed: Feed, addresses: Addresses, today: datetime) -> Iterator[Entry]:
    where = clock.zone(feed.user.timezone)
    query = (
        select(Reminder)
        .join(Contact, Contact.id == Reminder.contact_id)
        .where(
            Reminder.workspace_id == feed.workspace_id,
            Reminder.owner_id == feed.user_id,
            Reminder.state.in_(OPEN),
            Reminder.due_at >= today - BACK,
            Reminder.due_at < today + AHEAD,
            Contact.deleted_at.is_(None),
        )
        .options(joinedload(Reminder.contact))
    )
    for reminder in db.session.scalars(query.order_by(Reminder.due_at, Reminder.id)):
        yield Entry(
            uid=f"reminder-{reminder.id}@fika",
            summary=_title(TASKS[reminder.kind], reminder.contact, feed.privacy),
            updated_at=reminder.updated_at,
            created_at=reminder.created_at,
            on=reminder.due_at.astimezone(where).date(),
            url=addresses.reminder(reminder.id) if feed.privacy is not Privacy.BUSY else "",
            busy=False,
        )


def _title(pattern: str, contact: Contact, privacy: Privacy) -> str:
    if privacy is Privacy.BUSY:
        return "Busy"
    name = contact.name if privacy is Privacy.FULL else words.initials(contact.name)
    return pattern.format(name=name)


def _description(interview: Interview) -> str:
    contact = interview.contact
    lines = [
        work(contact),
        f"Phone: {contact.phone}" if contact.phone else "",
        f"{interview.minutes} minutes",
    ]
    return "\n".join(line for line in lines if line)


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
