"""The page of an invitation: for somebody without an account, a script or a hurry."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import answers, contacts, interviews, invitations
from crm.models import Answer, Interview, Message, MessageKind, Notification, Rsvp, Subscription
from tests.cast import Cast
from tests.views.things import HOUSE
from tests.views.visitor import Visitor

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def talk(cast: Cast, now: datetime) -> Interview:
    """In three days."""
    with transaction():
        start = now + 3 * DAY
        return interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=now, house=HOUSE, place="Quay 7")


@pytest.fixture
def page(web: Flask, talk: Interview) -> str:
    """Its address."""
    return f"/i/{invitations.links.sign(talk, key=web.config['SETTINGS'].letters_key)}"


def fresh(talk: Interview) -> Interview:
    db.session.rollback()
    db.session.refresh(talk)
    return talk


def test_it_says_what_the_invitation_says_and_no_more(nobody: Visitor, page: str, talk: Interview) -> None:
    shown = nobody.get(page).get_data(as_text=True)
    for words in (
        "Alice Ahlgren",
        "Fri 13 Mar 2026, 10:00",
        "Africa/Lagos",
        "20 minutes, in person",
        "Quay 7",
    ):
        assert words in shown
    assert "ada@example.com" not in shown


@pytest.mark.parametrize("choice", ["", "/yes", "/no", "/another", "/zone"])
def test_looking_changes_nothing(nobody: Visitor, page: str, talk: Interview, choice: str) -> None:
    answer = nobody.get(page + choice)
    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert nobody.head(page + choice).status_code == 200
    assert fresh(talk).rsvp is Rsvp.NEEDS_ACTION
    assert db.session.scalars(select(Answer)).all() == []


def test_yes_and_then_no(nobody: Visitor, page: str, talk: Interview) -> None:
    answer = nobody.post(f"{page}/yes")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert fresh(talk).rsvp is Rsvp.ACCEPTED
    assert "You said yes" in nobody.get(page).get_data(as_text=True)
    nobody.post(f"{page}/no", data={"comment": "At sea"})
    assert fresh(talk).rsvp is Rsvp.DECLINED
    assert "You said no" in nobody.get(page).get_data(as_text=True)


def test_another_time_is_read_on_the_clock_that_is_chosen(
    nobody: Visitor, page: str, talk: Interview
) -> None:
    times = {"day_1": "2026-03-16", "time_1": "09:00", "day_3": "2026-03-17", "time_3": "15:30"}
    nobody.post(f"{page}/another", data={**times, "timezone": "Asia/Tokyo", "comment": "Either"})
    found = answers.open_of(fresh(talk))
    assert [one.starts_at for one in found] == [
        datetime(2026, 3, 16, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 17, 6, 30, tzinfo=UTC),
    ]
    assert "You proposed another time" in nobody.get(page).get_data(as_text=True)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({}, "Propose at least one time"),
        ({"day_1": "2026-03-16"}, "Give the day and the time"),
        ({"day_1": "soon", "time_1": "09:00"}, "This is not a day"),
        ({"day_1": "2026-03-01", "time_1": "09:00"}, "still to come"),
    ],
)
def test_what_cannot_be_meant_is_said_beside_the_field(
    nobody: Visitor, page: str, talk: Interview, times: dict[str, str], said: str
) -> None:
    answer = nobody.post(f"{page}/another", data={"timezone": "UTC", "comment": "Kept", **times})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert said in shown
    assert "Kept" in shown
    assert fresh(talk).rsvp is Rsvp.NEEDS_ACTION


def test_a_zone_that_is_given_is_the_one_that_is_shown(nobody: Visitor, page: str, cast: Cast) -> None:
    assert nobody.post(f"{page}/zone", data={"timezone": "Asia/Tokyo"}).status_code == 303
    assert "18:00 JST (Asia/Tokyo" in nobody.get(page).get_data(as_text=True)
    assert nobody.post(f"{page}/zone", data={"timezone": "Mars"}).status_code == 422


def test_called_off_it_says_so_kindly(
    nobody: Visitor, page: str, talk: Interview, cast: Cast, now: datetime
) -> None:
    with transaction():
        interviews.cancel(talk, by=cast.alice, now=now, house=HOUSE)
    answer = nobody.get(f"{page}/yes")
    assert answer.status_code == 410
    assert "This talk was called off" in answer.get_data(as_text=True)
    assert nobody.post(f"{page}/yes").status_code == 409
    assert fresh(talk).rsvp is Rsvp.NEEDS_ACTION


def test_made_up_cut_off_or_sent_elsewhere_it_is_no_address(
    nobody: Visitor, page: str, cast: Cast, now: datetime
) -> None:
    for wrong in (page[:-1], page + "x", "/i/x", "/i/%00", f"{page}/maybe"):
        answer = nobody.get(wrong)
        assert answer.status_code == 404, wrong
        assert "This link does not work" in answer.get_data(as_text=True)
    with transaction():
        contacts.change(cast.ada, {"email": "ada@new.example"}, by=cast.alice, now=now)
        interviews.follow_address(cast.ada, by=cast.alice, now=now, house=HOUSE)
    assert nobody.get(page).status_code == 404


def test_a_machine_that_presses_on_is_slowed_down(nobody: Visitor, page: str) -> None:
    codes = {nobody.post(f"{page}/zone", data={"timezone": "UTC"}).status_code for _ in range(40)}
    assert 429 in codes


def test_the_seeker_sees_it_on_the_talk_and_takes_a_proposal(
    alice: Visitor, nobody: Visitor, page: str, talk: Interview
) -> None:
    nobody.post(f"{page}/another", data={"day_1": "2026-03-16", "time_1": "09:00", "timezone": "UTC"})
    here = f"/interviews/{talk.id}"
    assert "Meet then" in alice.get(here).get_data(as_text=True)
    assert "Another time?" in alice.get("/board").get_data(as_text=True)
    assert alice.post(f"{here}/proposals/1/accept").status_code == 303
    assert fresh(talk).starts_at == datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
    assert "No answer yet" in alice.get(here).get_data(as_text=True)


def test_or_leaves_the_talk_where_it_is(
    alice: Visitor, nobody: Visitor, page: str, talk: Interview, now: datetime
) -> None:
    nobody.post(f"{page}/another", data={"day_1": "2026-03-16", "time_1": "09:00", "timezone": "UTC"})
    assert alice.post(f"/interviews/{talk.id}/proposals/1/decline").status_code == 303
    assert fresh(talk).starts_at == now + 3 * DAY
    assert answers.open_of(talk) == []


def test_letters_about_answers_can_be_stopped(
    nobody: Visitor, page: str, cast: Cast, talk: Interview
) -> None:
    nobody.post(f"{page}/yes")
    db.session.rollback()
    kind = MessageKind.ANSWER
    secret = db.session.scalars(select(Subscription.token).where(Subscription.kind == kind)).one()
    assert "What contacts answer" in nobody.get(f"/u/{secret}").get_data(as_text=True)
    assert nobody.post(f"/u/{secret}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    nobody.post(f"{page}/no")
    db.session.rollback()
    assert len(db.session.scalars(select(Message).where(Message.kind == kind)).all()) == 1
    assert len(db.session.scalars(select(Notification).where(Notification.kind == kind)).all()) == 2


def test_nobody_says_yes_to_a_date_that_they_have_not_seen(
    nobody: Visitor, page: str, talk: Interview, cast: Cast, now: datetime
) -> None:
    def seen() -> str:
        found = re.search(r'name="seen" type="hidden" value="(\d+)"', nobody.get(page).get_data(as_text=True))
        assert found is not None
        return found[1]

    before = seen()
    with transaction():
        later = {"starts_at": talk.starts_at + DAY}
        interviews.change(fresh(talk), later, by=cast.alice, now=now, house=HOUSE)
    for choice in ("yes", "no", "another"):
        answer = nobody.post(f"{page}/{choice}", data={"seen": before, "comment": "Gladly"})
        assert answer.status_code == 422
        shown = answer.get_data(as_text=True)
        assert "has changed" in shown
        assert "Sat 14 Mar 2026, 10:00" in shown
    assert fresh(talk).rsvp is Rsvp.NEEDS_ACTION
    assert nobody.post(f"{page}/yes", data={"seen": seen()}).status_code == 303
    assert fresh(talk).rsvp is Rsvp.ACCEPTED
