"""Writing: reminders that have come due become letters, each step once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from crm.database import db
from crm.domain import humane, mail, subscriptions
from crm.domain.clock import zone
from crm.domain.reminders import claiming, wording
from crm.domain.reminders.keeping import drop, is_off
from crm.domain.reminders.promises import BEFORE_A_TALK, OVERDUE, THANKS_WITHIN
from crm.models import (
    WAITING,
    InterviewState,
    Kind,
    Message,
    MessageKind,
    Reminder,
    ReminderState,
)

#: Few enough that one unit of work stays under 200 ms.
BATCH = 50
#: From here on a letter says that it comes late (design, Downtime).
LATE = timedelta(hours=1)
#: More late ones than this for one user become one letter.
MANY = 5
#: So many of them are named in that letter; the page shows the rest.
NAMED = 40
#: A reminder that could not leave for so long helps nobody any more.
USEFUL = timedelta(days=7)
#: How long a reminder waits that could not be written.
PUT_OFF = timedelta(minutes=15)

#: How a letter gets into the outbox: with a look whether it is there, or without.
Put = Callable[..., Message]

log = logging.getLogger(__name__)


def write_due(*, house: mail.Letterhead, now: datetime, limit: int = BATCH) -> int:
    """Turn what is due into letters; answers how many promises were claimed for it.

    Safe to run twice at once: owners and rows are locked as they are read, and a step's letter is
    unique.
    """
    due = claiming.claim(now, limit)
    of_owner: dict[tuple[int, int], list[Reminder]] = defaultdict(list)
    for reminder in due:
        of_owner[reminder.workspace_id, reminder.owner_id].append(reminder)
    alone = []
    for reminders in of_owner.values():
        many = _many_late(reminders[0], now) if any(_is_late(r, now) for r in reminders) else []
        if many:
            _catch_up(many, house=house, now=now)
        alone += [reminder for reminder in reminders if reminder not in many]
    _write_all(alone, house=house, now=now)
    return len(due)


def _write_all(reminders: list[Reminder], *, house: mail.Letterhead, now: datetime) -> None:
    """All at once, as long as nothing is wrong with any of them: savepoints and looks take as long again."""
    try:
        with db.session.begin_nested():
            for reminder in reminders:
                _write(reminder, mail.add, house=house, now=now)
    except Exception:  # noqa: BLE001  (the same one is met again, alone, and told of)
        for reminder in reminders:
            _write_alone(reminder, house=house, now=now)


def _write_alone(reminder: Reminder, *, house: mail.Letterhead, now: datetime) -> None:
    """One reminder that cannot be written holds up no other: it is put off, and stays on the due page."""
    try:
        with db.session.begin_nested():
            _write(reminder, mail.put, house=house, now=now)
    except Exception:
        # Whatever broke, the next row is somebody else's thank-you.
        log.exception("Reminder %s could not be written and is tried again later.", reminder.id)
        reminder.due_at = now + PUT_OFF


def _many_late(one: Reminder, now: datetime) -> list[Reminder]:
    """All that is late for the owner of one, where more than a few are worth a letter; else nothing."""
    query = select(Reminder).where(
        Reminder.workspace_id == one.workspace_id,
        Reminder.owner_id == one.owner_id,
        Reminder.state.in_(WAITING),
        Reminder.due_at < now - LATE,
    )
    query = query.order_by(Reminder.due_at, Reminder.id).limit(500).with_for_update(skip_locked=True)
    late = [reminder for reminder in db.session.scalars(query) if _is_late(reminder, now)]
    return late if sum(_is_wanted(reminder, now) for reminder in late) > MANY else []


def _is_late(reminder: Reminder, now: datetime) -> bool:
    return now - _due(reminder, now) > LATE


def _write(reminder: Reminder, put: Put, *, house: mail.Letterhead, now: datetime) -> None:
    if _is_wanted(reminder, now):
        put(_draft(reminder, house, now), house=house, now=now)
    if reminder.kind is Kind.HOW_DID_IT_GO:
        drop(reminder.contact, BEFORE_A_TALK, now=now, subject=reminder.subject)
    _advance(reminder, now)


def _latest(reminder: Reminder, now: datetime) -> int:
    """Of several steps that have come due only the latest is sent."""
    come = [n for n, (_, at) in enumerate(reminder.steps) if datetime.fromisoformat(at) <= now]
    return max([reminder.step, *come])


def _name(reminder: Reminder, now: datetime) -> str:
    return reminder.steps[_latest(reminder, now)][0]


def _due(reminder: Reminder, now: datetime) -> datetime:
    """When the step that is to be sent came due; steps before it are forgotten."""
    return datetime.fromisoformat(reminder.steps[_latest(reminder, now)][1])


def _advance(reminder: Reminder, now: datetime) -> None:
    useful = _is_useful(reminder, now)
    reminder.step, reminder.updated_at = _latest(reminder, now) + 1, now
    if reminder.step < len(reminder.steps):
        reminder.state = ReminderState.PENDING
    else:
        # What fell away as a whole is off the page too: the talk that it was for has begun.
        reminder.state = ReminderState.SENT if useful else ReminderState.CANCELLED
    reminder.due_at = datetime.fromisoformat(reminder.steps[min(reminder.step, len(reminder.steps) - 1)][1])


def limit_of(reminder: Reminder, step: str, now: datetime) -> datetime:
    """The instant after which a letter of this step is of no more use."""
    if reminder.kind in BEFORE_A_TALK and reminder.interview:
        return reminder.interview.starts_at
    if reminder.kind is Kind.THANK_YOU and step not in (OVERDUE, "snoozed"):
        return reminder.anchor_at + THANKS_WITHIN
    return now + USEFUL


def _is_useful(reminder: Reminder, now: datetime) -> bool:
    """Looked at once more under the lock: was it called off, closed or switched off meanwhile?"""
    contact, interview = reminder.contact, reminder.interview
    if is_off(contact.workspace, reminder.kind):
        return False
    if contact.deleted_at or contact.closed or limit_of(reminder, _name(reminder, now), now) <= now:
        return False
    if interview is not None and reminder.kind in (*BEFORE_A_TALK, Kind.HOW_DID_IT_GO):
        return interview.state is InterviewState.PLANNED
    if reminder.kind is Kind.TELL_REFERRER:
        return wording.referrer(contact) is not None
    return True


def _is_wanted(reminder: Reminder, now: datetime) -> bool:
    """Whether a letter is of use, and of a kind that the owner still gets."""
    return _is_useful(reminder, now) and subscriptions.wanted(
        reminder.owner, reminder.workspace_id, reminder.kind
    )


def _draft(reminder: Reminder, house: mail.Letterhead, now: datetime) -> mail.Draft:
    secret = subscriptions.token(reminder.owner, reminder.workspace_id, reminder.kind)
    step, name, due_at = _latest(reminder, now), _name(reminder, now), _due(reminder, now)
    return mail.Draft(
        kind=MessageKind(reminder.kind),
        letter=reminder.kind.value,
        user=reminder.owner,
        workspace_id=reminder.workspace_id,
        dedupe_key=f"reminder {reminder.id} step {step} {name} mail",
        values=wording.values(reminder, name, due_at, late=_is_late(reminder, now), now=now),
        contact=reminder.contact,
        interview_id=reminder.interview_id,
        reminder_id=reminder.id,
        not_after=limit_of(reminder, name, now),
        unsubscribe=house.addresses.unsubscribe(secret),
    )


def _catch_up(late: Iterable[Reminder], *, house: mail.Letterhead, now: datetime) -> None:
    """Everything that fell due while nothing of ours ran, in one letter; thanks come first (P-T1)."""
    named = [reminder for reminder in late if _is_wanted(reminder, now)]
    named.sort(key=lambda reminder: (reminder.kind is not Kind.THANK_YOU, _due(reminder, now)))
    mail.put(_summary(named, house, now), house=house, now=now)
    for reminder in late:
        _advance(reminder, now)


def _summary(late: list[Reminder], house: mail.Letterhead, now: datetime) -> mail.Draft:
    first = late[0]
    return mail.Draft(
        kind=MessageKind.DIGEST,
        letter="catch_up",
        user=first.owner,
        workspace_id=first.workspace_id,
        dedupe_key=f"catch up {first.owner_id} at {now.isoformat()}",
        values={
            "entries": [_entry(reminder, house, now) for reminder in late[:NAMED]],
            "total": len(late),
            "more": max(0, len(late) - NAMED),
        },
        not_after=now + USEFUL,
    )


def _entry(reminder: Reminder, house: mail.Letterhead, now: datetime) -> tuple[str, str, str]:
    """One line of the letter: what to do, since when, and where."""
    task = wording.TASKS[reminder.kind].format(name=reminder.contact.name)
    due = humane.exact(_due(reminder, now), zone(reminder.owner.timezone))
    return task, f"due {due}", house.addresses.reminder(reminder.id)
