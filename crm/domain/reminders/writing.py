"""Writing: reminders that have come due become letters, each step once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from crm.database import db
from crm.domain import humane, mail, subscriptions
from crm.domain.clock import zone
from crm.domain.reminders import wording
from crm.domain.reminders.promises import THANKS_WITHIN
from crm.models import (
    WAITING,
    InterviewState,
    Kind,
    MessageKind,
    Reminder,
    ReminderState,
)

#: Few enough that one unit of work stays under 200 ms.
BATCH = 25
#: From here on a letter says that it comes late (design, Downtime).
LATE = timedelta(hours=1)
#: More late ones than this for one user become one letter.
MANY = 5
#: A reminder that could not leave for so long helps nobody any more.
USEFUL = timedelta(days=7)


def write_due(*, house: mail.Letterhead, now: datetime, limit: int = BATCH) -> int:
    """Turn what is due into letters; answers how many promises were moved on.

    Safe to run twice at once: rows are locked as they are read, and a step's letter is unique.
    """
    due = _claim(now, limit)
    of_owner: dict[int, list[Reminder]] = defaultdict(list)
    for reminder in due:
        of_owner[reminder.owner_id].append(reminder)
    for owner_id, reminders in of_owner.items():
        many = _many_late(owner_id, now) if any(now - r.due_at > LATE for r in reminders) else []
        if many:
            _catch_up(many, house=house, now=now)
        for reminder in reminders:
            if reminder not in many:
                _write(reminder, house=house, now=now)
    return len(due)


def _claim(now: datetime, limit: int) -> Sequence[Reminder]:
    query = select(Reminder).where(Reminder.state.in_(WAITING), Reminder.due_at <= now)
    query = query.order_by(Reminder.due_at).limit(limit).with_for_update(skip_locked=True)
    return db.session.scalars(query).all()


def _many_late(owner_id: int, now: datetime) -> list[Reminder]:
    """All that is late for somebody, where that is more than a few; else nothing."""
    query = select(Reminder).where(
        Reminder.owner_id == owner_id, Reminder.state.in_(WAITING), Reminder.due_at < now - LATE
    )
    query = query.order_by(Reminder.due_at).limit(500).with_for_update(skip_locked=True)
    late = list(db.session.scalars(query))
    return late if len(late) > MANY else []


def _write(reminder: Reminder, *, house: mail.Letterhead, now: datetime) -> None:
    step = _latest(reminder, now)
    due_at, name = reminder.due_at, reminder.steps[step][0]
    if _still_useful(reminder, name, now) and subscriptions.wanted(
        reminder.owner, reminder.workspace_id, reminder.kind
    ):
        mail.put(_draft(reminder, step, name, due_at, house, now), house=house, now=now)
    _advance(reminder, step, now)


def _latest(reminder: Reminder, now: datetime) -> int:
    """Of several steps that have come due only the latest is sent."""
    come = [n for n, (_, at) in enumerate(reminder.steps) if datetime.fromisoformat(at) <= now]
    return max([reminder.step, *come])


def _advance(reminder: Reminder, step: int, now: datetime) -> None:
    reminder.step, reminder.updated_at = step + 1, now
    if reminder.step >= len(reminder.steps):
        reminder.state = ReminderState.SENT
        return
    reminder.state = ReminderState.PENDING
    reminder.due_at = datetime.fromisoformat(reminder.steps[reminder.step][1])


def limit_of(reminder: Reminder, step: str, now: datetime) -> datetime:
    """The instant after which a letter of this step is of no more use."""
    if reminder.kind in (Kind.PREPARE, Kind.BRIEF) and reminder.interview:
        return reminder.interview.starts_at
    if reminder.kind is Kind.THANK_YOU and step not in ("overdue", "snoozed"):
        return reminder.anchor_at + THANKS_WITHIN
    return now + USEFUL


def _still_useful(reminder: Reminder, step: str, now: datetime) -> bool:
    """Looked at once more under the lock: was it called off, done or closed meanwhile?"""
    contact, interview = reminder.contact, reminder.interview
    if contact.deleted_at or contact.closed or limit_of(reminder, step, now) <= now:
        return False
    if interview is not None and reminder.kind in (Kind.PREPARE, Kind.BRIEF, Kind.HOW_DID_IT_GO):
        return interview.state is InterviewState.PLANNED
    return True


def _draft(
    reminder: Reminder, step: int, name: str, due_at: datetime, house: mail.Letterhead, now: datetime
) -> mail.Draft:
    secret = subscriptions.token(reminder.owner, reminder.workspace_id, reminder.kind)
    return mail.Draft(
        kind=MessageKind(reminder.kind),
        letter=reminder.kind.value,
        user=reminder.owner,
        workspace_id=reminder.workspace_id,
        dedupe_key=f"reminder {reminder.id} step {step} {name} mail",
        values=wording.values(reminder, name, due_at, late=now - due_at > LATE, now=now),
        contact=reminder.contact,
        interview_id=reminder.interview_id,
        reminder_id=reminder.id,
        not_after=limit_of(reminder, name, now),
        unsubscribe=house.addresses.unsubscribe(secret),
    )


def _catch_up(late: list[Reminder], *, house: mail.Letterhead, now: datetime) -> None:
    """Everything that fell due while nothing of ours ran, in one letter."""
    lines = []
    for reminder in late:
        step = _latest(reminder, now)
        if _still_useful(reminder, reminder.steps[step][0], now):
            lines.append((reminder, humane.exact(reminder.due_at, zone(reminder.owner.timezone))))
        _advance(reminder, step, now)
    if lines:
        mail.put(_summary(lines, now), house=house, now=now)


def _summary(lines: list[tuple[Reminder, str]], now: datetime) -> mail.Draft:
    first = lines[0][0]
    return mail.Draft(
        kind=MessageKind.DIGEST,
        letter="catch_up",
        user=first.owner,
        workspace_id=first.workspace_id,
        dedupe_key=f"catch up {first.owner_id} at {now.isoformat()}",
        values={"lines": lines},
        not_after=now + USEFUL,
    )
