"""Acting from a letter, signed out, with a page and a button."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from crm.database import db, transaction
from crm.domain import contacts, reminders, touches
from crm.domain.reminders.links import Purpose
from crm.models import Kind, Reminder, ReminderState, Stage
from tests.cast import Cast
from tests.domain.play import DAY, MINUTE
from tests.views.links.standing import everything, path, state
from tests.views.mailbox import PASSWORD
from tests.views.visitor import Visitor, visit

pytestmark = pytest.mark.usefixtures("present")


def test_opening_a_link_changes_nothing_however_often(client: FlaskClient, done: str, later: str) -> None:
    before = everything()
    for _ in range(2):
        for address in (done, later):
            assert client.get(address).status_code == 200
            assert client.head(address).status_code == 200
            assert client.options(address).status_code == 200
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.open(done, method=method).status_code == 405
    assert everything() == before


def test_the_page_says_little_and_needs_no_session(client: FlaskClient, done: str, later: str) -> None:
    for address in (done, later):
        page = client.get(address)
        assert "Ask Ada Okafor for a talk" in page.text
        assert "ada@example.com" not in page.text
        assert "alice@example.org" not in page.text
        assert "app.js" not in page.text
        assert "Set-Cookie" not in page.headers
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")


def test_done_is_done_once_and_taken_back(client: FlaskClient, done: str, ask: Reminder) -> None:
    first = client.post(done)
    assert (first.status_code, state(ask)) == (200, ReminderState.DONE)
    assert "<h1>Done</h1>" in first.text
    assert "Set-Cookie" not in first.headers
    stands = everything()
    assert client.post(done).status_code == 200
    assert everything() == stands
    assert "This is done already" in client.get(done).text
    back = client.post(done, data={"undo": "1"})
    assert (back.status_code, state(ask)) == (200, ReminderState.PENDING)
    assert "It stands as before" in back.text
    again = client.post(done, data={"undo": "1"})
    assert (again.status_code, state(ask)) == (409, ReminderState.PENDING)
    assert "nothing to take back" in again.text


def test_a_link_does_the_one_thing_that_it_is_for(
    client: FlaskClient, done: str, later: str, ask: Reminder
) -> None:
    client.post(done, data={"choice": "tomorrow"})
    assert state(ask) is ReminderState.DONE
    assert client.post(later, data={"undo": "1"}).status_code == 409
    assert state(ask) is ReminderState.DONE
    assert client.post(later, data={"choice": "tomorrow"}).status_code == 409
    assert "This is done already" in client.get(later).text
    assert state(ask) is ReminderState.DONE


def test_after_thirty_days_it_says_so_and_shows_the_way(
    client: FlaskClient, done: str, ask: Reminder, now: datetime
) -> None:
    with time_machine.travel(now + 30 * DAY, tick=False):
        assert client.get(done).status_code == 200
    with time_machine.travel(now + 30 * DAY + MINUTE, tick=False):
        for page in (client.get(done), client.post(done)):
            assert page.status_code == 410
            assert "This link is too old" in page.text
            assert f'href="/due/{ask.id}"' in page.text
            assert page.headers["Cache-Control"] == "no-store"
    assert state(ask) is ReminderState.PENDING


@pytest.mark.parametrize("place", [0, 3, 20, -1])
def test_a_tampered_link_says_so_and_shows_the_way(
    client: FlaskClient, done: str, ask: Reminder, place: int
) -> None:
    token = list(done.removeprefix("/a/"))
    token[place] = "x" if token[place] != "x" else "y"
    for page in (client.get(f"/a/{''.join(token)}"), client.post(f"/a/{''.join(token)}")):
        assert page.status_code == 404
        assert "This link does not work" in page.text
        assert "Sign in" in page.text
    assert state(ask) is ReminderState.PENDING


def test_what_has_moved_on_meanwhile_is_left_alone(
    client: FlaskClient, cast: Cast, done: str, later: str, ask: Reminder, now: datetime
) -> None:
    with transaction():
        touches.log(cast.ada, "ask", by=cast.alice, now=now)
    moved_on = state(ask)
    before = everything()
    for address in (done, later):
        assert client.get(address).status_code == 200
        client.post(address, data={"choice": "tomorrow"})
    assert (state(ask), everything()) == (moved_on, before)


def test_what_was_cancelled_is_no_longer_owed(
    client: FlaskClient, cast: Cast, done: str, later: str, ask: Reminder, now: datetime
) -> None:
    with transaction():
        reminders.drop(cast.ada, [Kind.ASK], now=now)
    for address in (done, later):
        assert "This is no longer owed" in client.get(address).text
        assert client.post(address, data={"choice": "tomorrow"}).status_code == 409
    assert state(ask) is ReminderState.CANCELLED


def test_nothing_is_said_of_somebody_in_the_trash(
    client: FlaskClient, cast: Cast, done: str, now: datetime
) -> None:
    with transaction():
        contacts.delete(cast.ada, by=cast.alice, now=now)
    for page in (client.get(done), client.post(done)):
        assert page.status_code == 404
        assert "Ada" not in page.text


def test_the_letter_acts_for_its_owner_whoever_is_signed_in(bob: Visitor, done: str, ask: Reminder) -> None:
    with bob.session_transaction() as session:
        session["_flashes"] = [("message", "a word for Bob alone")]
    page = bob.get(done)
    assert "a word for Bob alone" not in page.text
    assert "Bob" not in page.text
    answer = bob.post(done, headers={"X-CSRFToken": ""})
    assert "Set-Cookie" not in answer.headers
    assert state(ask) is ReminderState.DONE
    assert "a word for Bob alone" in bob.get("/settings").text


def test_an_account_that_is_closed_has_no_links(
    client: FlaskClient, cast: Cast, done: str, ask: Reminder
) -> None:
    with transaction():
        cast.alice.active = False
    assert client.post(done).status_code == 404
    assert state(ask) is ReminderState.PENDING


def test_getting_in_touch_again_is_promised_once_however_often_it_is_pressed(
    web: Flask, client: FlaskClient, cast: Cast, now: datetime
) -> None:
    with transaction():
        cast.ada.stage = Stage.THANKED
        reminders.rhythm(cast.ada, now=now, since=now)
        (touch,) = reminders.open_of(cast.ada, [Kind.STAY_IN_TOUCH])
    address = path(web, touch, now, Purpose.DONE)
    for _ in range(3):
        assert client.post(address).status_code == 200
    db.session.rollback()
    assert len(reminders.open_of(cast.ada, [Kind.STAY_IN_TOUCH])) == 1
    client.post(address, data={"undo": "1"})
    db.session.rollback()
    assert reminders.open_of(cast.ada, [Kind.STAY_IN_TOUCH]) == [touch]


def test_the_reminders_own_page_is_reached_through_the_sign_in(
    web: Flask, known: Cast, ask: Reminder
) -> None:
    somebody = visit(web)
    way = somebody.get(f"/due/{ask.id}").headers["Location"]
    assert way == f"/sign-in?next=/due/{ask.id}"
    form = {"email": "alice@example.org", "password": PASSWORD, "next": f"/due/{ask.id}"}
    assert f'value="/due/{ask.id}"' in somebody.get(way).text
    assert somebody.post("/sign-in", data=form).headers["Location"].endswith(f"/due/{ask.id}")


def test_who_presses_without_end_is_slowed_down(client: FlaskClient, done: str) -> None:
    answers = {client.get(done).status_code for _ in range(260)}
    assert answers == {200, 429}
