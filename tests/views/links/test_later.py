"""Putting off from a letter: the times on offer, another one, and what cannot be meant."""

from __future__ import annotations

import pytest
import time_machine
from flask.testing import FlaskClient

from crm.models import Reminder, ReminderState
from tests.domain.play import local
from tests.views.links.standing import state

pytestmark = pytest.mark.usefixtures("present")


@pytest.mark.parametrize(
    ("choice", "until"),
    [("evening", "2026-03-10 18:00"), ("tomorrow", "2026-03-11 08:00"), ("week", "2026-03-16 08:00")],
)
def test_later_is_later_in_the_owners_zone(
    client: FlaskClient, later: str, ask: Reminder, choice: str, until: str
) -> None:
    for _ in range(2):
        page = client.post(later, data={"choice": choice})
        assert page.status_code == 200
        assert "Put off until" in page.text
        assert "(Europe/Stockholm, UTC+01:00)" in page.text
        assert state(ask) is ReminderState.SNOOZED
        assert ask.due_at == local(until)
    assert "Another time?" in client.get(later).text
    client.post(later, data={"undo": "1"})
    assert state(ask) is ReminderState.PENDING


def test_the_time_is_changed_on_the_page_that_answers(client: FlaskClient, later: str, ask: Reminder) -> None:
    client.post(later, data={"choice": "tomorrow"})
    assert client.post(later, data={"day": "2026-04-02", "time": "14:30"}).status_code == 200
    assert (state(ask), ask.due_at) == (ReminderState.SNOOZED, local("2026-04-02 14:30"))


def test_a_day_without_a_time_is_its_morning(client: FlaskClient, later: str, ask: Reminder) -> None:
    client.post(later, data={"day": "2026-04-02"})
    assert (state(ask), ask.due_at) == (ReminderState.SNOOZED, local("2026-04-02 08:00"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose a day, or one of the times above."),
        ({"day": "2020-01-01", "time": "10:00"}, "still to come"),
        ({"day": "2150-01-01"}, "within a year"),
        ({"day": "9999-01-01"}, "cannot be meant"),
        ({"day": "whenever"}, "This is not a day."),
        ({"day": "2026-04-02", "time": "noonish"}, "This is not a time of day."),
        ({"choice": "someday"}, "no longer on offer"),
    ],
)
def test_a_time_that_cannot_be_meant_keeps_what_was_typed(
    client: FlaskClient, later: str, ask: Reminder, typed: dict[str, str], sentence: str
) -> None:
    page = client.post(later, data=typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert state(ask) is ReminderState.PENDING
    for name in ("day", "time"):
        if name in typed:
            assert f'value="{typed[name]}"' in page.text


def test_this_evening_is_on_offer_while_there_is_one(client: FlaskClient, later: str) -> None:
    assert "This evening" in client.get(later).text
    with time_machine.travel(local("2026-03-10 19:00"), tick=False):
        assert "This evening" not in client.get(later).text
        assert client.post(later, data={"choice": "evening"}).status_code == 422
