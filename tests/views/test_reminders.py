"""What is due, on its page: done, put off, and both taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.database import db, transaction, utcnow
from crm.domain import contacts, interviews, reminders
from crm.models import Kind, Reminder, ReminderState
from tests.cast import Cast
from tests.views.things import HOUSE
from tests.views.visitor import Visitor


@pytest.fixture
def ask(cast: Cast) -> Reminder:
    """Ada is to be asked; that was due long ago."""
    (found,) = reminders.open_of(cast.ada, [Kind.ASK])
    return found


def state(reminder: Reminder) -> ReminderState:
    db.session.rollback()
    return reminder.state


def flashed(alice: Visitor) -> dict[str, str]:
    """What the next page will say."""
    with alice.session_transaction() as session:
        said = session.pop("_flashes")[-1][1]
    assert isinstance(said, dict)
    return said


def test_the_page_says_what_to_do_and_how_late_it_is(alice: Visitor, ask: Reminder) -> None:
    page = alice.get("/due").get_data(as_text=True)
    assert "Overdue" in page
    assert "Ask Ada Okafor for a talk" in page
    assert f'href="/contacts/{ask.contact_id}/log"' in page
    assert f'href="/due/{ask.id}/snooze"' in page


def test_the_talks_of_the_coming_days_stand_beside_it(cast: Cast, alice: Visitor) -> None:
    with transaction():
        for days in (2, 20):
            at = utcnow() + timedelta(days=days)
            interviews.plan(cast.ada, by=cast.alice, starts_at=at, now=utcnow(), house=HOUSE, invite=False)
    page = alice.get("/due").get_data(as_text=True)
    assert page.count('<article class="item" id="talk-') == 1


def test_done_is_undone(alice: Visitor, ask: Reminder) -> None:
    answer = alice.post(f"/due/{ask.id}/done")
    assert answer.headers["Location"] == "/due"
    assert state(ask) is ReminderState.DONE
    said = flashed(alice)
    assert said["text"] == "Done: Ask Ada Okafor for a talk. Log it, and Fika thinks of the follow-up."
    assert "If it was ticked off by mistake" in alice.get(f"/due/{ask.id}").get_data(as_text=True)
    alice.post(said["undo"])
    assert state(ask) is ReminderState.PENDING


def test_put_off_until_tomorrow_and_back(alice: Visitor, ask: Reminder) -> None:
    due_at = ask.due_at
    answer = alice.post(
        f"/due/{ask.id}/snooze", data={"choice": "tomorrow", "next": f"/contacts/{ask.contact_id}"}
    )
    assert answer.headers["Location"] == f"/contacts/{ask.contact_id}"
    assert state(ask) is ReminderState.SNOOZED
    alice.post(flashed(alice)["undo"])
    assert (state(ask), ask.due_at) == (ReminderState.PENDING, due_at)


def test_put_off_to_a_day_of_ones_own(alice: Visitor, ask: Reminder) -> None:
    until = utcnow() + timedelta(days=40)
    alice.post(f"/due/{ask.id}/snooze", data={"until": f"{until:%Y-%m-%dT}09:00"})
    assert state(ask) is ReminderState.SNOOZED


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Choose a day and a time."),
        ("2020-01-01T10:00", "still to come"),
        ("2150-01-01T10:00", "within a year"),
        ("9999-01-01T10:00", "cannot be meant"),
        ("whenever", "not a day and a time"),
    ],
)
def test_a_time_that_cannot_be_meant_keeps_the_form_open(
    alice: Visitor, ask: Reminder, typed: str, sentence: str
) -> None:
    answer = alice.post(f"/due/{ask.id}/snooze", data={"until": typed})
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert state(ask) is ReminderState.PENDING


def test_a_second_done_does_no_harm_and_a_second_undo_says_why_not(alice: Visitor, ask: Reminder) -> None:
    for _ in range(2):
        assert alice.post(f"/due/{ask.id}/done").status_code == 303
    assert alice.post(f"/due/{ask.id}/undo").status_code == 303
    answer = alice.post(f"/due/{ask.id}/undo", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "There is nothing to take back here." in answer.get_data(as_text=True)


def test_when_nothing_is_due_the_page_is_warm_about_it(cast: Cast, alice: Visitor) -> None:
    with transaction():
        contacts.delete(contacts.get(cast.workspace, cast.ada.id, lock=True), by=cast.alice, now=utcnow())
    page = alice.get("/due").get_data(as_text=True)
    assert "Nothing is due" in page
    assert "Have a coffee" in page


def test_what_concerns_somebody_in_the_trash_is_not_there(cast: Cast, alice: Visitor, ask: Reminder) -> None:
    with transaction():
        contacts.delete(contacts.get(cast.workspace, cast.ada.id, lock=True), by=cast.alice, now=utcnow())
    assert alice.get(f"/due/{ask.id}").status_code == 404
