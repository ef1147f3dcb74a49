"""Overdue: the oldest row that should have been worked on, and letters that are held up on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, select

from crm.database import db
from crm.domain import humane, mail
from crm.domain.words import plural
from crm.models import Message, Preference, Push, Reminder
from crm.models.message import IS_DOUBTFUL, IS_QUEUED
from crm.models.notification import IS_PUSHABLE
from crm.models.reminder import IS_WAITING

#: Nothing due should ever wait so long while all is well.
OVERDUE = timedelta(minutes=5)
#: What may be due, in words. Of a letter in doubt it is due that the doubt ends.
REMINDER, LETTER, DIGEST, AHEAD, PUSH, DOUBT = (
    "A reminder",
    "A letter",
    "A daily digest",
    "A look at the week to come",
    "A notification to a device",
    "A doubt",
)


class Due(NamedTuple):
    """Something that is due: what it is, and since when."""

    what: str
    at: datetime

    def sentence(self, now: datetime) -> str:
        """What is said of it when it has waited for too long."""
        age = humane.span(now - self.at)
        if self.what == DOUBT:
            return f"Whether a letter left could have been known {age} ago, but the journal cannot be read."
        return f"{self.what} that was due {age} ago has not been done yet."


@dataclass(frozen=True)
class Held:
    """Letters that are due and wait all the same: nothing gets through, or the owner set a rate."""

    since: datetime
    #: How many may leave in an hour; None where the mail server is the reason.
    per_hour: int | None

    def sentence(self, now: datetime) -> str:
        """What everybody may know of it."""
        if self.per_hour is not None:
            pace = plural(self.per_hour, "letter")
            return f"At most {pace} may leave within an hour here."
        return f"The mail server has taken no letter for {humane.span(now - self.since)}."


def oldest(*, now: datetime, letters: bool, grace: timedelta) -> Due | None:
    """What has been due for the longest; one statement, however much is due.

    Without `letters` those that wait do not count. A letter in doubt counts from the end of the grace,
    in which a journal may still get its copy.
    """
    asked = _questions(now)
    if not letters:
        del asked[LETTER]
    found = db.session.execute(select(*asked.values())).one()
    due = {what: at for what, at in zip(asked, found, strict=True) if at is not None}
    if DOUBT in due:
        due[DOUBT] += grace
    came = [Due(what, at) for what, at in due.items() if at <= now]
    return min(came, key=lambda one: one.at, default=None)


def held_up(*, now: datetime) -> Held | None:
    """Letters that have been due for too long, and why that is nobody's fault in here."""
    channel, first = mail.channel(), _first(Message.next_try_at, IS_QUEUED, now)
    at = db.session.scalar(select(first))
    if at is None:
        return None
    if channel.stopped_at is not None:
        return Held(channel.stopped_at, None) if now - channel.stopped_at >= OVERDUE else None
    is_late = now - at >= OVERDUE and is_paced(now)
    return Held(at, channel.per_hour) if is_late else None


def hold(*, now: datetime, in_full: bool) -> str:
    """Why letters wait just now, in a sentence; empty where nothing holds them. The reason is the owner's."""
    channel = mail.channel()
    if channel.stopped_at is not None:
        reason = f" {channel.reason}" if in_full else " It is tried again all the time."
        return f"The mail server has taken nothing for {humane.span(now - channel.stopped_at)}.{reason}"
    return Held(now, channel.per_hour).sentence(now) if mail.is_at_rate(now=now) else ""


def is_paced(now: datetime) -> bool:
    """Whether the rate leaves no room, or has left none until a few minutes ago."""
    return mail.is_at_rate(now=now - OVERDUE)


def _questions(now: datetime) -> dict[str, ScalarSelect[Any]]:
    """When the first of each kind came due; each is read off the end of an index."""
    doubt = select(Message.doubtful_since).where(IS_DOUBTFUL)
    return {
        REMINDER: _first(Reminder.due_at, IS_WAITING, now),
        LETTER: _first(Message.next_try_at, IS_QUEUED, now),
        DIGEST: _first(Preference.digest_next_at, Preference.digest_next_at.is_not(None), now),
        AHEAD: _first(Preference.look_ahead_next_at, Preference.look_ahead_next_at.is_not(None), now),
        PUSH: _first(Push.next_try_at, IS_PUSHABLE, now),
        DOUBT: doubt.order_by(Message.doubtful_since).limit(1).scalar_subquery(),
    }


def _first(column: Any, condition: Any, now: datetime) -> ScalarSelect[Any]:
    # The index's condition word for word: no database proves that a parameter fits it.
    return select(column).where(condition, column <= now).order_by(column).limit(1).scalar_subquery()
