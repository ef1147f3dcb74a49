"""Digests: what waits for the hour that its owner chose, in one letter for each local date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import mail, preferences, subscriptions
from crm.domain.preferences import Occasion
from crm.domain.reminders import collecting, overview, stepping, telling, wishes, wording, writing
from crm.domain.reminders.keeping import is_off
from crm.domain.reminders.promises import APART
from crm.models import (
    Contact,
    Kind,
    Message,
    MessageKind,
    Notification,
    Preference,
    Reminder,
    ReminderState,
    User,
    Way,
    Workspace,
)

#: Few enough that one unit of work stays short.
BATCH = 20
#: So many are named in the letter; the page shows the rest.
NAMED = 60
#: Where a promise stands whose step was told; what was put off since is not to be told now.
TOLD = (ReminderState.PENDING, ReminderState.SENT)
#: What one digest looks through; more waits for the next.
AT_MOST = 200


def write_digests(*, house: mail.Letterhead, now: datetime, limit: int = BATCH) -> int:
    """Write the digests whose hour has come; answers how many users were looked at.

    One for each local date, however often it is looked at: the letter is unique for user and date.
    """
    found = collecting.claim(Preference.digest_next_at, now, limit)
    for wished, user in found:
        if not collecting.tried(_write, wished, user, house, now):
            wished.digest_next_at = now + writing.PUT_OFF
    return len(found)


def _write(wished: Preference, user: User, house: mail.Letterhead, now: datetime) -> None:
    hours = preferences.digest_hours(wished, user)
    occasion = hours.last(now)
    waiting = _waiting(wished)
    useful = [news for news in waiting if _is_useful(news, now)]
    for news in waiting:
        if news not in useful:
            # Done, called off or over before anybody was told by mail: the page alone told it.
            news.way = Way.OFF
    # Yesterday's digest helps nobody: what waits goes into the next one (protocols of a late worker).
    if useful and now < occasion.until and not _is_written(wished, occasion):
        letter = mail.put(_draft(useful, wished, user, occasion, house, now), house=house, now=now)
        for news in useful:
            news.letter = letter
        useful = []
    _tell_what_cannot_wait(useful, hours.next(now), house, now)
    db.session.flush()
    wished.digest_next_at = hours.next(now)
    preferences.renew(user, wished.workspace_id, now=now)


def _waiting(wished: Preference) -> list[Notification]:
    query = select(Notification).where(
        Notification.workspace_id == wished.workspace_id,
        Notification.user_id == wished.user_id,
        Notification.way == Way.DIGEST,
        Notification.letter_id.is_(None),
    )
    query = query.options(
        joinedload(Notification.reminder).joinedload(Reminder.contact).joinedload(Contact.workspace)
    )
    return list(db.session.scalars(query.order_by(Notification.due_at, Notification.id).limit(AT_MOST)))


def _is_useful(news: Notification, now: datetime) -> bool:
    """Whether what came due is still owed: open, not put off since, its contact still written to."""
    reminder = news.reminder
    if reminder is None or reminder.state not in TOLD or news.not_after <= now:
        return False
    contact = reminder.contact
    if contact.deleted_at or contact.closed or reminder.owner_id != news.user_id:
        return False
    return not is_off(contact.workspace, reminder.kind) and stepping.still_stands(reminder)


def _is_written(wished: Preference, occasion: Occasion) -> bool:
    query = select(Message.id).where(Message.dedupe_key == _key(wished, occasion))
    return db.session.scalars(query).first() is not None


def _tell_what_cannot_wait(
    waiting: Sequence[Notification], next_at: datetime, house: mail.Letterhead, now: datetime
) -> None:
    """A digest was missed: what is of no use any more by the next one gets a letter of its own."""
    pressing = [news for news in waiting if news.not_after <= next_at + APART]
    named = _named(pressing)
    desk = writing.Desk(house, now, wishes.of_owners([reminder for _, reminder in named]) if named else {})
    letters = {
        reminder.id: writing.write_letter(reminder, telling.step_of(news), desk) for news, reminder in named
    }
    for news in pressing:
        news.letter = letters[news.reminder_id] if news.reminder_id else None


def _draft(
    useful: list[Notification],
    wished: Preference,
    user: User,
    occasion: Occasion,
    house: mail.Letterhead,
    now: datetime,
) -> mail.Draft:
    named = _named(useful)
    entries = [_entry(news, reminder, house, now) for news, reminder in named]
    secret = subscriptions.token(user, wished.workspace_id, MessageKind.DIGEST)
    return mail.Draft(
        kind=MessageKind.DIGEST,
        letter="digest",
        user=user,
        workspace_id=wished.workspace_id,
        dedupe_key=_key(wished, occasion),
        values={
            "day": f"{occasion.day:%A} {occasion.day.day} {occasion.day:%B}",
            "entries": entries[:NAMED],
            "total": len(entries),
            "more": max(0, len(entries) - NAMED),
            "older": _older(wished, user, [reminder.id for _, reminder in named], now),
        },
        not_after=max(news.not_after for news in useful),
        unsubscribe=house.addresses.unsubscribe(secret),
    )


def _key(wished: Preference, occasion: Occasion) -> str:
    return f"digest {wished.user_id} in {wished.workspace_id} on {occasion.day.isoformat()}"


def _named(useful: list[Notification]) -> list[tuple[Notification, Reminder]]:
    """Each promise once, its latest step; thanks first (P-T1), then by time."""
    latest = {news.reminder_id: (news, news.reminder) for news in useful if news.reminder is not None}
    return sorted(latest.values(), key=lambda pair: (pair[1].kind is not Kind.THANK_YOU, pair[0].due_at))


def _entry(news: Notification, reminder: Reminder, house: mail.Letterhead, now: datetime) -> wording.Entry:
    """One line of the letter: what to do, by when or since when, and the ways to act on it."""
    return wording.entry(reminder, telling.by_when(reminder, news.due_at, now=now), house=house, now=now)


def _older(wished: Preference, user: User, listed: list[int], now: datetime) -> int:
    """How many promises that were told before are still open."""
    workspace = db.session.get_one(Workspace, wished.workspace_id)
    shown = overview.days(workspace, user, now=now)
    return len({one.reminder.id for one in [*shown.overdue, *shown.today] if one.reminder.step} - set(listed))
