"""Exporting: the whole ledger as a table, one line for each step, in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from crm.domain.ledger.entries import Entry, Told, page
from crm.domain.mail import shown_state
from crm.domain.transfers import cells
from crm.models import Reminder, Workspace

OF_PROMISE = ("promise", "contact", "kind", "made_at", "state", "ended_at")
OF_STEP = ("step", "due_at", "fate", "in_bell_at")
OF_LETTER = ("letter", "letter_state", "sent_at", "message_id", "server_reply")
COLUMNS = (*OF_PROMISE, *OF_STEP, *OF_LETTER)
#: Promises that are read at once.
PIECE = 200


def export(workspace: Workspace, here: ZoneInfo) -> Iterator[str]:
    """All of it as pieces of a CSV file, the latest promise first, in cells that no spreadsheet calculates.

    Times are RFC 3339, as clocks show them `here`.
    """
    yield cells.row(COLUMNS)
    before: int | None = None
    while entries := page(workspace, limit=PIECE, before=before):
        yield "".join(_lines(entries, here))
        before = entries[-1].reminder.id


def _lines(entries: Sequence[Entry], here: ZoneInfo) -> Iterator[str]:
    for entry in entries:
        promise = _promise(entry, here)
        for step in entry.steps:
            yield cells.row([*promise, *_step(step, here), *_letter(step, here)])
        if not entry.steps:
            yield cells.row([*promise, *[""] * len((*OF_STEP, *OF_LETTER))])


def _promise(entry: Entry, here: ZoneInfo) -> list[object]:
    reminder: Reminder = entry.reminder
    made, ended = _clock(reminder.created_at, here), _clock(entry.ended_at, here)
    return [reminder.id, reminder.contact.name, reminder.kind.value, made, reminder.state.value, ended]


def _step(step: Told, here: ZoneInfo) -> list[object]:
    in_bell = step.news.created_at if step.news else None
    return [step.name, _clock(step.due_at, here), step.fate.value, _clock(in_bell, here)]


def _letter(step: Told, here: ZoneInfo) -> list[object]:
    letter = step.letter
    if letter is None:
        return [""] * len(OF_LETTER)
    state, sent = shown_state(letter).value, _clock(letter.sent_at, here)
    return [letter.id, state, sent, letter.message_id, letter.server_reply]


def _clock(at: datetime | None, here: ZoneInfo) -> str:
    return at.astimezone(here).isoformat(timespec="seconds") if at else ""
