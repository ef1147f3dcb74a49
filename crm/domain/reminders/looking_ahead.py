"""Looking ahead: the week to come in one letter, on Sunday evening, for whoever wants it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import clock, humane, mail, preferences, subscriptions
from crm.domain.preferences import Occasion
from crm.domain.reminders import collecting, telling, writing
from crm.domain.reminders.due import open_for
from crm.domain.reminders.links import Acts
from crm.domain.reminders.wording import Entry, entry
from crm.models import (
    Contact,
    Interview,
    InterviewState,
    Kind,
    MessageKind,
    Preference,
    Reminder,
    User,
    Workspace,
)

BATCH = 20
#: Until Monday noon the week is still ahead.
STILL_AHEAD = timedelta(hours=18)
#: So many talks and so many promises are named; the pages show the rest.
NAMED = 30
#: Owed to a talk that is named already.
OF_TALK = (Kind.PREPARE, Kind.BRIEF, Kind.HOW_DID_IT_GO)


def write_look_aheads(*, house: mail.Letterhead, now: datetime, limit: int = BATCH) -> int:
    """Write those whose evening has come; answers how many users were looked at. None for an empty week."""
    found = collecting.claim(Preference.look_ahead_next_at, now, limit)
    for wished, user in found:
        if not collecting.tried(_look, wished, user, house, now):
            wished.look_ahead_next_at = now + writing.PUT_OFF
    return len(found)


def _look(wished: Preference, user: User, house: mail.Letterhead, now: datetime) -> None:
    evening = preferences.sunday_evening(clock.zone(user.timezone))
    occasion = evening.last(now)
    if now < occasion.at + STILL_AHEAD:
        _write(wished, user, occasion, house, now)
    wished.look_ahead_next_at = evening.next(now)


def _write(wished: Preference, user: User, occasion: Occasion, house: mail.Letterhead, now: datetime) -> None:
    until = clock.day_ends(occasion.at, clock.zone(user.timezone), 7)
    talks, owed = _talks(wished, user, now, until), _owed(wished, user, until)
    if not (talks or owed):
        return
    here = clock.zone(user.timezone)
    secret = subscriptions.token(user, wished.workspace_id, MessageKind.LOOK_AHEAD)
    draft = mail.Draft(
        kind=MessageKind.LOOK_AHEAD,
        letter="look_ahead",
        user=user,
        workspace_id=wished.workspace_id,
        dedupe_key=f"look ahead {wished.user_id} in {wished.workspace_id} on {occasion.day.isoformat()}",
        values={
            "talks": [_talk(talk, user, house) for talk in talks],
            "owed": [_promise(reminder, house, now) for reminder in owed],
            "until": f"{clock.wall(until, here) - timedelta(days=1):%A}",
        },
        not_after=until,
        unsubscribe=house.addresses.unsubscribe(secret),
    )
    mail.put(draft, house=house, now=now)


def _talks(wished: Preference, user: User, now: datetime, until: datetime) -> list[Interview]:
    query = select(Interview).join(Contact, Contact.id == Interview.contact_id)
    query = query.options(joinedload(Interview.contact)).where(
        Interview.workspace_id == wished.workspace_id,
        Interview.state == InterviewState.PLANNED,
        Interview.starts_at >= now,
        Interview.starts_at < until,
        Contact.owner_id == user.id,
        Contact.deleted_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Interview.starts_at).limit(NAMED)))


def _owed(wished: Preference, user: User, until: datetime) -> list[Reminder]:
    """What comes due within the week or is open; thanks first (P-T1)."""
    workspace = db.session.get_one(Workspace, wished.workspace_id)
    query = open_for(workspace, user).where(Reminder.due_at < until, Reminder.kind.not_in(OF_TALK))
    query = query.options(joinedload(Reminder.contact), joinedload(Reminder.owner))
    query = query.order_by(Reminder.kind != Kind.THANK_YOU, Reminder.due_at).limit(NAMED)
    return list(db.session.scalars(query))


def _talk(interview: Interview, user: User, house: mail.Letterhead) -> Entry:
    contact = interview.contact
    when = humane.exact(interview.starts_at, clock.zone(user.timezone))
    if contact.timezone and contact.timezone != user.timezone:
        when += f"; for them {humane.exact(interview.starts_at, clock.zone(contact.timezone))}"
    return Entry(f"Talk with {contact.name}", when, Acts("", "", house.addresses.interview(interview.id)))


def _promise(reminder: Reminder, house: mail.Letterhead, now: datetime) -> Entry:
    by_when = telling.by_when(reminder, reminder.due_at, now=now)
    return entry(reminder, by_when, house=house, now=now)
