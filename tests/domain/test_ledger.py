"""The ledger of promises: each step with what bears witness to it, and the promise's own end."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from crm.database import db, transaction
from crm.domain import contacts, ledger, notifications, reminders
from crm.models import (
    Kind,
    Message,
    MessageKind,
    MessageState,
    Notification,
    Reminder,
    ReminderState,
    Way,
)
from tests.cast import Cast
from tests.counting import statements
from tests.domain.play import DAY, MINUTE
from tests.domain.waiting import put

HERE = ZoneInfo("Europe/Stockholm")
Asked = Callable[..., Reminder]


@pytest.fixture
def asked(cast: Cast, now: datetime) -> Asked:
    """Ada's promise, with steps of the test's own, of which so many are behind us."""

    def make(*names: str, behind: int, state: ReminderState = ReminderState.PENDING) -> Reminder:
        with transaction():
            (reminder,) = reminders.open_of(cast.ada, [Kind.ASK])
            steps = [[name, (now + n * DAY).isoformat()] for n, name in enumerate(names)]
            reminder.steps, reminder.step, reminder.state = steps, behind, state
            return reminder

    return make


def tell(reminder: Reminder, number: int, name: str, way: Way, letter: Message | None = None) -> None:
    at = datetime.fromisoformat(reminder.steps[number][1])
    news = Notification(
        workspace_id=reminder.workspace_id,
        user_id=reminder.owner_id,
        reminder_id=reminder.id,
        dedupe_key=f"reminder {reminder.id} step {number} {name} once",
        kind=MessageKind.ASK,
        title="Ask Ada",
        path="/due",
        due_at=at,
        not_after=at + DAY,
        way=way,
        letter=letter,
    )
    with transaction():
        notifications.tell(news, now=at + MINUTE)


def write(cast: Cast, reminder: Reminder, number: int, name: str, now: datetime) -> Message:
    key = f"reminder {reminder.id} step {number} {name} mail"
    return put(cast, now, key, kind=MessageKind.ASK, reminder_id=reminder.id)


def told(cast: Cast) -> list[str]:
    """The steps of the one promise in short: "round_1 letter"."""
    (entry,) = ledger.page(cast.workspace)
    return [f"{step.name} {step.fate}" for step in entry.steps]


def test_every_step_says_how_it_was_told(cast: Cast, asked: Asked, now: datetime) -> None:
    reminder = asked("a", "b", "c", "d", "e", behind=4)
    letter = write(cast, reminder, 0, "a", now)
    tell(reminder, 0, "a", Way.LETTER, letter)
    tell(reminder, 1, "b", Way.DIGEST, put(cast, now, "digest of the day"))
    tell(reminder, 2, "c", Way.OFF)
    assert told(cast) == ["a letter", "b digest", "c bell", "d passed", "e coming"]


def test_a_letter_alone_bears_witness_too(cast: Cast, asked: Asked, now: datetime) -> None:
    letter = write(cast, asked("a", "b", behind=1), 0, "a", now)
    (entry,) = ledger.page(cast.workspace)
    assert entry.steps[0].letter is letter
    assert told(cast) == ["a letter", "b coming"]


def test_what_waits_for_its_digest_says_so(cast: Cast, asked: Asked) -> None:
    tell(asked("a", behind=1, state=ReminderState.SENT), 0, "a", Way.DIGEST)
    assert told(cast) == ["a digest"]


def test_what_a_snooze_put_off_keeps_its_name(cast: Cast, now: datetime) -> None:
    with transaction():
        (reminder,) = reminders.open_of(cast.ada, [Kind.ASK])
        reminders.snooze(reminder, reminder.due_at + DAY, now=now)
    assert told(cast) == ["once passed", "snoozed coming"]


def test_what_was_told_stays_though_the_step_is_gone(cast: Cast, asked: Asked, now: datetime) -> None:
    reminder = asked("a", "b", behind=1)
    write(cast, reminder, 0, "a", now)
    with transaction():
        reminder.steps, reminder.step = [["other", (now + DAY).isoformat()]], 0
    assert told(cast) == ["a letter", "other coming"]


def test_a_promise_that_ended_has_an_end_and_nothing_to_come(cast: Cast, now: datetime) -> None:
    (entry,) = ledger.page(cast.workspace)
    assert entry.ended_at is None
    with transaction():
        reminders.done(reminders.get(cast.workspace, entry.reminder.id), now=now + DAY)
    (entry,) = ledger.page(cast.workspace)
    assert (entry.ended_at, entry.steps) == (now + DAY, [])


def test_it_is_narrowed_and_read_in_pages_by_a_few_statements(cast: Cast, now: datetime) -> None:
    with transaction():
        for number in range(6):
            contacts.add(cast.workspace, {"name": f"Ida {number}"}, by=cast.alice, now=now)
        reminders.done(reminders.open_of(cast.ada, [Kind.ASK])[0], now=now)
    assert cast.workspace.id
    with statements() as seen:
        first = ledger.page(cast.workspace, limit=4)
    assert len(seen) == 3
    rest = ledger.page(cast.workspace, limit=4, before=first[-1].reminder.id)
    assert [entry.reminder.contact.name for entry in first + rest] == [
        *(f"Ida {number}" for number in reversed(range(6))),
        "Ada Okafor",
    ]
    (done,) = ledger.page(cast.workspace, state="done")
    assert done.reminder.contact is cast.ada
    assert ledger.page(cast.workspace, state="done", kind="thank_you") == []
    assert ledger.page(cast.bobs_workspace) == []


def test_all_of_it_goes_into_a_table_that_no_spreadsheet_calculates(
    cast: Cast, asked: Asked, now: datetime
) -> None:
    reminder = asked("a", "b", behind=1)
    letter = write(cast, reminder, 0, "a", now)
    with transaction():
        cast.ada.name = "=HYPERLINK(1)"
        letter.state, letter.sent_at, letter.server_reply = MessageState.SENT, now, "+250 taken"
    text = "".join(ledger.export(cast.workspace, HERE))
    head, first, second = csv.reader(io.StringIO(text))
    assert tuple(head) == ledger.COLUMNS
    row = dict(zip(head, first, strict=True))
    assert row["contact"] == "'=HYPERLINK(1)"
    assert (row["step"], row["fate"], row["letter_state"]) == ("a", "letter", "sent")
    assert row["sent_at"] == "2026-03-10T10:00:00+01:00"
    assert row["server_reply"] == "'+250 taken"
    assert dict(zip(head, second, strict=True))["fate"] == "coming"


def test_a_long_table_is_read_piece_by_piece(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.domain.ledger.exporting.PIECE", 2)
    with transaction():
        for number in range(4):
            contacts.add(cast.workspace, {"name": f"Ida {number}"}, by=cast.alice, now=now)
    pieces = list(ledger.export(cast.workspace, HERE))
    assert len(pieces) == 4
    assert len("".join(pieces).splitlines()) == 6
    db.session.rollback()
