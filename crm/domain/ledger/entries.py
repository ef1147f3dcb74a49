"""Entries: what became of each, step by step, as bell, letters and digests bear witness."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from crm.database import db
from crm.models import OPEN, WAITING, Message, Notification, Reminder, Way, Workspace

#: How the keys of letters and notifications name a step: "reminder 7 step 0 at_once mail".
KEY = re.compile(r"reminder \d+ step (\d+) (.+?)(?: (?:mail|once))?")
#: What stands before the name of a step that a snooze passed over.
PASSED = "passed over until "
#: Of a letter nothing is read but what became of it: its bytes may be large.
FACTS = (
    Message.reminder_id,
    Message.dedupe_key,
    Message.kind,
    Message.state,
    Message.created_at,
    Message.sent_at,
    Message.message_id,
    Message.server_reply,
)


Row = TypeVar("Row", Message, Notification)


class Fate(StrEnum):
    """What became of one step."""

    COMING = "coming"
    #: Told by a letter of its own, in a digest, or by the bell alone.
    LETTER = "letter"
    DIGEST = "digest"
    BELL = "bell"
    #: A later step, or one letter about many, told it instead; or it was put off.
    PASSED = "passed"


@dataclass
class Told:
    """One step of a promise; `letter` is its own, or the digest that it went into."""

    name: str
    due_at: datetime
    news: Notification | None = None
    letter: Message | None = None
    is_coming: bool = False

    @property
    def fate(self) -> Fate:
        """How it was told."""
        if self.is_coming:
            return Fate.COMING
        if self.letter is not None:
            return Fate.LETTER if self.letter.reminder_id is not None else Fate.DIGEST
        if self.news is None:
            return Fate.PASSED
        return Fate.DIGEST if self.news.way is Way.DIGEST else Fate.BELL


@dataclass
class Entry:
    """A promise with all its steps."""

    reminder: Reminder
    steps: list[Told] = field(default_factory=list)

    @property
    def ended_at(self) -> datetime | None:
        """When it was done or dropped; None while it is owed."""
        return None if self.reminder.state in OPEN else self.reminder.updated_at


def page(
    workspace: Workspace,
    *,
    state: str | None = None,
    kind: str | None = None,
    limit: int = 50,
    before: int | None = None,
) -> list[Entry]:
    """Promises, the latest first, each with what became of it; three statements, however many there are.

    `before` is the id of the last one seen.
    """
    query = select(Reminder).where(Reminder.workspace_id == workspace.id)
    if state:
        query = query.where(Reminder.state == state)
    if kind:
        query = query.where(Reminder.kind == kind)
    if before:
        query = query.where(Reminder.id < before)
    query = query.options(joinedload(Reminder.contact)).order_by(Reminder.id.desc())
    return _with_steps(workspace, db.session.scalars(query.limit(limit)).all())


def _with_steps(workspace: Workspace, reminders: Sequence[Reminder]) -> list[Entry]:
    """The steps of each, out of what bears witness to them."""
    known = [reminder.id for reminder in reminders]
    letters = select(Message).where(Message.workspace_id == workspace.id, Message.reminder_id.in_(known))
    news = select(Notification).where(
        Notification.workspace_id == workspace.id, Notification.reminder_id.in_(known)
    )
    news = news.options(joinedload(Notification.letter).load_only(*FACTS))
    of_letters = _sorted(db.session.scalars(letters.options(load_only(*FACTS))))
    of_news = _sorted(db.session.scalars(news))
    return [_entry(reminder, of_news[reminder.id], of_letters[reminder.id]) for reminder in reminders]


def _sorted(rows: Iterable[Row]) -> defaultdict[int, dict[tuple[int, str], Row]]:
    """What tells of each reminder's steps, by the step's number and name."""
    found: defaultdict[int, dict[tuple[int, str], Row]] = defaultdict(dict)
    for row in rows:
        match = KEY.fullmatch(row.dedupe_key)
        if match is not None and row.reminder_id is not None:
            found[row.reminder_id][int(match[1]), match[2]] = row
    return found


def _entry(
    reminder: Reminder,
    news: dict[tuple[int, str], Notification],
    letters: dict[tuple[int, str], Message],
) -> Entry:
    """The steps that are written down, and what was told besides of steps that are not any more."""
    told: dict[tuple[int, str], Told] = {}
    for number, (name, at) in enumerate(reminder.steps):
        is_coming = number >= reminder.step
        if not is_coming or reminder.state in WAITING:
            told[number, name] = Told(name, datetime.fromisoformat(at), is_coming=is_coming)
    for key, one in news.items():
        step = told.setdefault(key, Told(key[1], one.due_at))
        step.news, step.letter, step.is_coming = one, one.letter, False
    for key, letter in letters.items():
        step = told.setdefault(key, Told(key[1], letter.created_at))
        step.letter, step.is_coming = letter, False
    for step in told.values():
        # A snooze writes its own time before the names of what it passed over.
        step.name = step.name.rpartition(": ")[2] if step.name.startswith(PASSED) else step.name
    return Entry(reminder, sorted(told.values(), key=lambda step: step.due_at))
