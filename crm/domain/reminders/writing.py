"""Writing: reminders that have come due are told, each step once, by letter where its owner wants one."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from crm.database import db
from crm.domain import humane, mail, notifications, subscriptions
from crm.domain.clock import zone
from crm.domain.reminders import claiming, telling, wording
from crm.domain.reminders.keeping import drop, is_off
from crm.domain.reminders.promises import BEFORE_A_TALK, OVERDUE, THANKS_WITHIN
from crm.domain.reminders.telling import Step, Wishes
from crm.models import (
    InterviewState,
    Kind,
    Message,
    MessageKind,
    Notification,
    Reminder,
    ReminderState,
    Way,
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

log = logging.getLogger(__name__)


def write_due(*, house: mail.Letterhead, now: datetime, limit: int = BATCH) -> int:
    """Tell what is due; answers how many promises were claimed for it.

    Safe to run twice at once: owners and rows are locked as they are read, and a step is told once.
    """
    due = claiming.claim(now, limit)
    of_owner: dict[tuple[int, int], list[Reminder]] = defaultdict(list)
    for reminder in due:
        of_owner[reminder.workspace_id, reminder.owner_id].append(reminder)
    wishes = telling.wishes_of(due)
    alone: list[tuple[Reminder, Wishes]] = []
    for owner, reminders in of_owner.items():
        wished = wishes[owner]
        many = _many_late(reminders[0], wished, now) if any(_is_late(r, now) for r in reminders) else []
        if many:
            _catch_up(many, wished, house=house, now=now)
        alone += [(reminder, wished) for reminder in reminders if reminder not in many]
    _write_all(alone, house=house, now=now)
    return len(due)


def _write_all(due: list[tuple[Reminder, Wishes]], *, house: mail.Letterhead, now: datetime) -> None:
    """All at once, as long as nothing is wrong with any of them: savepoints and looks take as long again."""
    try:
        with db.session.begin_nested():
            for reminder, wished in due:
                _write(reminder, wished, house=house, now=now)
    except Exception:  # noqa: BLE001  (the same one is met again, alone, and told of)
        for reminder, wished in due:
            _write_alone(reminder, wished, house=house, now=now)


def _write_alone(reminder: Reminder, wished: Wishes, *, house: mail.Letterhead, now: datetime) -> None:
    """One reminder that cannot be written holds up no other: it is put off, and stays on the due page."""
    try:
        with db.session.begin_nested():
            _write(reminder, wished, house=house, now=now, careful=True)
    except Exception:
        # Whatever broke, the next row is somebody else's thank-you.
        log.exception("Reminder %s could not be written and is tried again later.", reminder.id)
        reminder.due_at = now + PUT_OFF


def _many_late(one: Reminder, wished: Wishes, now: datetime) -> list[Reminder]:
    """All that is late for the owner of one, where more than a few are worth a letter; else nothing."""
    late = [reminder for reminder in claiming.of_owner(one, now - LATE) if _is_late(reminder, now)]
    return late if sum(_is_wanted(reminder, wished, now) for reminder in late) > MANY else []


def _is_late(reminder: Reminder, now: datetime) -> bool:
    return now - _due(reminder, now) > LATE


def _write(
    reminder: Reminder, wished: Wishes, *, house: mail.Letterhead, now: datetime, careful: bool = False
) -> None:
    """The step that has come due; only a `careful` hand looks whether it is written already."""
    if _is_useful(reminder, now):
        step = _step(reminder, now)
        way, letter = telling.way(reminder, step, wished, now=now), None
        if way is Way.LETTER:
            secret = wished.tokens.get(MessageKind(reminder.kind), "")
            draft = _draft(reminder, step, house, now, secret)
            letter = (mail.put if careful else mail.add)(draft, house=house, now=now)
        news = _news(reminder, step, way, letter, now)
        if careful:
            notifications.tell(news, now=now)
        else:
            notifications.add(news, wished.devices, now=now)
    if reminder.kind is Kind.HOW_DID_IT_GO:
        drop(reminder.contact, BEFORE_A_TALK, now=now, subject=reminder.subject)
    _advance(reminder, now)


def write_letter(reminder: Reminder, step: Step, *, house: mail.Letterhead, now: datetime) -> Message:
    """A step's own letter."""
    return mail.put(_draft(reminder, step, house, now), house=house, now=now)


def _news(reminder: Reminder, step: Step, way: Way, letter: Message | None, now: datetime) -> Notification:
    not_after = limit_of(reminder, step.name, now)
    return telling.news(reminder, step, way, letter, not_after=not_after, now=now)


def _step(reminder: Reminder, now: datetime) -> Step:
    """The step that is to be told; those before it are forgotten."""
    return Step(_latest(reminder, now), _name(reminder, now), _due(reminder, now))


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


def _is_wanted(reminder: Reminder, wished: Wishes, now: datetime) -> bool:
    """Whether it is of use, and told by a letter of its own."""
    way = telling.way(reminder, _step(reminder, now), wished, now=now)
    return way is Way.LETTER and _is_useful(reminder, now)


def _draft(
    reminder: Reminder, step: Step, house: mail.Letterhead, now: datetime, secret: str = ""
) -> mail.Draft:
    secret = secret or subscriptions.token(reminder.owner, reminder.workspace_id, reminder.kind)
    late = now - step.due_at > LATE
    return mail.Draft(
        kind=MessageKind(reminder.kind),
        letter=reminder.kind.value,
        user=reminder.owner,
        workspace_id=reminder.workspace_id,
        dedupe_key=f"{telling.key(reminder, step)} mail",
        values=wording.values(reminder, step.name, step.due_at, late=late, now=now),
        contact=reminder.contact,
        interview_id=reminder.interview_id,
        reminder_id=reminder.id,
        not_after=limit_of(reminder, step.name, now),
        urgent=telling.is_urgent(reminder, step, now=now),
        unsubscribe=house.addresses.unsubscribe(secret),
    )


def _catch_up(late: list[Reminder], wished: Wishes, *, house: mail.Letterhead, now: datetime) -> None:
    """What fell due while nothing of ours ran, in one letter; thanks come first (P-T1)."""
    named = [reminder for reminder in late if _is_wanted(reminder, wished, now)]
    named.sort(key=lambda reminder: (reminder.kind is not Kind.THANK_YOU, _due(reminder, now)))
    letter = mail.put(_summary(named, house, now), house=house, now=now)
    for reminder in late:
        if _is_useful(reminder, now):
            step = _step(reminder, now)
            way = telling.way(reminder, step, wished, now=now)
            news = _news(reminder, step, way, letter if way is Way.LETTER else None, now)
            notifications.tell(news, now=now)
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
    due = humane.exact(_due(reminder, now), zone(reminder.owner.timezone))
    return telling.task(reminder), f"due {due}", house.addresses.reminder(reminder.id)
