"""Writing: reminders that have come due are told, each step once, by letter where its owner wants one."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.database import db
from crm.domain import mail, notifications
from crm.domain.reminders import catching_up, claiming, links, stepping, telling, wishes, wording
from crm.domain.reminders.catching_up import AT_ONCE, NAMED
from crm.domain.reminders.keeping import drop
from crm.domain.reminders.promises import BEFORE_A_TALK
from crm.domain.reminders.stepping import Step
from crm.domain.reminders.wishes import Owner, Wishes
from crm.models import Kind, Message, MessageKind, Notification, Reminder, Way

#: Few enough that one unit of work stays under 200 ms.
BATCH = 50
#: More late ones than this for one user become one letter.
MANY = 5
#: How long a reminder waits that could not be written.
PUT_OFF = timedelta(minutes=15)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """What writing needs at hand: the letterhead, the present, and how the owners want to be told."""

    house: mail.Letterhead
    now: datetime
    wished: dict[Owner, Wishes]

    def wishes(self, reminder: Reminder) -> Wishes:
        """Those of a reminder's owner."""
        return self.wished[reminder.workspace_id, reminder.owner_id]

    def way(self, reminder: Reminder) -> Way:
        """How the step that is due is told by mail."""
        return self.wishes(reminder).way(reminder, stepping.step(reminder, self.now), now=self.now)


@dataclass(frozen=True)
class Pen:
    """How rows get to the database: one by one, each with a look whether it is there, or without."""

    letter: Callable[..., Message]
    news: Callable[..., Notification]


ONE_BY_ONE = Pen(mail.put, notifications.tell)
ALL_AT_ONCE = Pen(mail.add, notifications.add)


def write_due(*, house: mail.Letterhead, now: datetime, limit: int = BATCH) -> int:
    """Tell what is due; answers how many promises were claimed for it.

    Safe to run twice at once: owners and rows are locked as they are read, and a step is told once.
    """
    due = claiming.claim(now, limit)
    desk = Desk(house, now, wishes.of_owners(due) if due else {})
    of_owner: dict[Owner, list[Reminder]] = defaultdict(list)
    for reminder in due:
        of_owner[reminder.workspace_id, reminder.owner_id].append(reminder)
    alone: list[Reminder] = []
    worked = 0
    for reminders in of_owner.values():
        if worked >= AT_ONCE:
            break  # The others are due as before: the next unit of work finds them.
        many = _in_one_letter(reminders, desk)
        alone += [reminder for reminder in reminders if reminder not in many]
        worked += len(many)
    _write_all(alone, desk)
    return len(due)


def write_letter(reminder: Reminder, step: Step, desk: Desk, pen: Pen = ONE_BY_ONE) -> Message:
    """A step's own letter."""
    return pen.letter(_draft(reminder, step, desk), house=desk.house, now=desk.now)


def _in_one_letter(reminders: list[Reminder], desk: Desk) -> list[Reminder]:
    """What is late and told in one letter; nothing where that breaks, so that each is tried alone."""
    if not any(stepping.is_late(reminder, desk.now) for reminder in reminders):
        return []
    try:
        with db.session.begin_nested():
            many = _many_late(reminders[0], desk)
            if many:
                _catch_up(many, desk)
            return many
    except Exception:
        log.exception("What is late could not be written in one letter for user %s.", reminders[0].owner_id)
        return []


def _write_all(reminders: list[Reminder], desk: Desk) -> None:
    """All at once, as long as nothing is wrong with any of them: savepoints and looks take as long again."""
    try:
        with db.session.begin_nested():
            for reminder in reminders:
                _write(reminder, desk, ALL_AT_ONCE)
    except Exception:  # noqa: BLE001  (the same one is met again, alone, and told of)
        for reminder in reminders:
            _write_alone(reminder, desk)


def _write_alone(reminder: Reminder, desk: Desk) -> None:
    """One reminder that cannot be written holds up no other: it is put off, and stays on the due page."""
    try:
        with db.session.begin_nested():
            _write(reminder, desk, ONE_BY_ONE)
    except Exception:
        # Whatever broke, the next row is somebody else's thank-you.
        log.exception("Reminder %s could not be written and is tried again later.", reminder.id)
        reminder.due_at = desk.now + PUT_OFF
        _confess(reminder, desk)


def _confess(reminder: Reminder, desk: Desk) -> None:
    """What cannot be written is told in the bell at once: a reminder is never missing in silence."""
    news = Notification(
        workspace_id=reminder.workspace_id,
        user_id=reminder.owner_id,
        reminder_id=reminder.id,
        dedupe_key=f"reminder {reminder.id} unwritten at {reminder.step}",
        kind=MessageKind(reminder.kind),
        title=telling.task(reminder)[:300],
        text="Its letter could not be written and is tried again. Act from here meanwhile.",
        path=telling.HERE.reminder(reminder.id),
        due_at=desk.now,
        not_after=desk.now + stepping.USEFUL,
        way=Way.OFF,
    )
    try:
        with db.session.begin_nested():
            notifications.tell(news, now=desk.now)
    except Exception:
        log.exception("Nor could the bell tell of reminder %s.", reminder.id)


def _write(reminder: Reminder, desk: Desk, pen: Pen) -> None:
    if stepping.is_useful(reminder, desk.now):
        way, step = desk.way(reminder), stepping.step(reminder, desk.now)
        letter = write_letter(reminder, step, desk, pen) if way is Way.LETTER else None
        _tell(reminder, way, letter, desk, pen)
    if reminder.kind is Kind.HOW_DID_IT_GO:
        drop(reminder.contact, BEFORE_A_TALK, now=desk.now, subject=reminder.subject)
    stepping.advance(reminder, desk.now)


def _tell(reminder: Reminder, way: Way, letter: Message | None, desk: Desk, pen: Pen) -> None:
    step = stepping.step(reminder, desk.now)
    news = telling.news(reminder, step, way, letter, now=desk.now)
    pen.news(news, devices=desk.wishes(reminder).devices, now=desk.now)


def _many_late(one: Reminder, desk: Desk) -> list[Reminder]:
    """What is late for the owner of one, where more than a few are worth a letter; else nothing.

    Thanks first (P-T1), and not more than a unit of work has time for: the letter that was written
    about the first of them speaks for the rest too.
    """
    letter = catching_up.letter(one, desk.now)
    spoken_for = catching_up.late(one, letter.created_at) if letter else []
    found = spoken_for or catching_up.late(one, desk.now)
    late = [reminder for reminder in found if stepping.is_late(reminder, desk.now)]
    return late if spoken_for or sum(_is_wanted(reminder, desk) for reminder in late) > MANY else []


def _is_wanted(reminder: Reminder, desk: Desk) -> bool:
    """Whether it is of use, and told by a letter of its own."""
    return desk.way(reminder) is Way.LETTER and stepping.is_useful(reminder, desk.now)


def _draft(reminder: Reminder, step: Step, desk: Desk) -> mail.Draft:
    late = desk.now - step.due_at > stepping.LATE
    return mail.Draft(
        kind=MessageKind(reminder.kind),
        letter=reminder.kind.value,
        user=reminder.owner,
        workspace_id=reminder.workspace_id,
        dedupe_key=f"{telling.key(reminder, step)} mail",
        values=wording.values(reminder, step.name, step.due_at, late=late, now=desk.now)
        | {"acts": links.acts(reminder, house=desk.house, now=desk.now)},
        contact=reminder.contact,
        interview_id=reminder.interview_id,
        reminder_id=reminder.id,
        not_after=stepping.limit_of(reminder, step.name, desk.now),
        urgent=telling.is_urgent(reminder, step, now=desk.now),
        unsubscribe=desk.house.addresses.unsubscribe(desk.wishes(reminder).token(reminder)),
    )


def _catch_up(late: list[Reminder], desk: Desk) -> None:
    """What fell due while nothing of ours ran, in one letter; thanks come first (P-T1)."""
    letter = catching_up.letter(late[0], desk.now) or _summary(late, desk)
    for reminder in late:
        if stepping.is_useful(reminder, desk.now):
            way = desk.way(reminder)
            _tell(reminder, way, letter if way is Way.LETTER else None, desk, ALL_AT_ONCE)
        stepping.advance(reminder, desk.now)


def _summary(late: list[Reminder], desk: Desk) -> Message | None:
    """The letter about all of them; none where no letter about any is wanted."""
    named = [reminder for reminder in late if _is_wanted(reminder, desk)]
    if not named:
        return None
    due = {reminder.id: stepping.step(reminder, desk.now).due_at for reminder in named}
    named.sort(key=lambda reminder: (reminder.kind is not Kind.THANK_YOU, due[reminder.id]))
    for_more = len(late) >= AT_ONCE
    total = catching_up.count(named[0], desk.now) if for_more else len(named)
    entries = [(reminder, due[reminder.id]) for reminder in named[:NAMED]]
    draft = catching_up.draft(entries, total, for_more=for_more, house=desk.house, now=desk.now)
    return mail.put(draft, house=desk.house, now=desk.now)
