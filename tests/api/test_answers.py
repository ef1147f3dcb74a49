"""What contacts answered, in the API."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from crm.database import transaction
from crm.domain import interviews, invitations
from crm.domain.answers import by_page
from crm.models import Interview, MessageState, Rsvp
from tests.api.caller import Caller, done, refused
from tests.cast import Cast
from tests.views.things import HOUSE

DAY = timedelta(days=1)


@pytest.fixture
def talk(cast: Cast, now: datetime) -> Interview:
    """In three days."""
    with transaction():
        return interviews.plan(cast.ada, by=cast.alice, starts_at=now + 3 * DAY, now=now, house=HOUSE)


def test_nobody_has_answered_at_first(alice: Caller, talk: Interview) -> None:
    found = done(alice.get(f"/interviews/{talk.id}"))
    assert (found["rsvp"], found["rsvp_at"], found["proposals"]) == ("needs_action", None, [])
    assert found["undelivered"] is False


def test_an_answer_is_shown_with_its_time(alice: Caller, talk: Interview, cast: Cast, now: datetime) -> None:
    with transaction():
        by_page.say(talk, Rsvp.DECLINED, comment="At sea", now=now, house=HOUSE)
    found = done(alice.get(f"/interviews/{talk.id}"))
    assert (found["rsvp"], found["rsvp_at"]) == ("declined", "2026-03-10T09:00:00Z")
    entries = done(alice.get(f"/contacts/{cast.ada.id}/timeline"))["items"]
    assert ("rsvp", "Ada Okafor declined: “At sea”") in [(one["kind"], one["text"]) for one in entries]
    owed = done(alice.get("/reminders"))["items"]
    assert "set_date" in {one["kind"] for one in owed}


@pytest.mark.parametrize(("verb", "days"), [("accept", 4), ("decline", 3)])
def test_a_proposal_is_accepted_or_declined(
    alice: Caller, bob: Caller, talk: Interview, now: datetime, verb: str, days: int
) -> None:
    with transaction():
        by_page.wish(talk, [now + 4 * DAY], comment="Rather then", now=now, house=HOUSE)
    path = f"/interviews/{talk.id}"
    (one,) = done(alice.get(path))["proposals"]
    assert one == {
        "number": 1,
        "starts_at": "2026-03-14T09:00:00Z",
        "minutes": None,
        "comment": "Rather then",
    }
    refused(bob.post(f"{path}/proposals/1/{verb}"), 404)
    refused(alice.post(f"{path}/proposals/2/{verb}"), 404)
    with time_machine.travel(now, tick=False):
        found = done(alice.post(f"{path}/proposals/1/{verb}"))
    assert found["starts_at"] == (now + days * DAY).isoformat().replace("+00:00", "Z")
    assert found["proposals"] == []
    other = "decline" if verb == "accept" else "accept"
    with time_machine.travel(now, tick=False):
        assert done(alice.post(f"{path}/proposals/1/{verb}"))["id"] == found["id"]
        refused(alice.post(f"{path}/proposals/1/{other}"), 409)


def test_an_invitation_that_came_back_is_undelivered(alice: Caller, talk: Interview) -> None:
    with transaction():
        invitations.letters(talk)[0].state = MessageState.FAILED
    assert done(alice.get(f"/interviews/{talk.id}"))["undelivered"] is True
    (listed,) = done(alice.get("/interviews"))["items"]
    assert listed["undelivered"] is True


def test_another_address_is_invited_anew(alice: Caller, talk: Interview, cast: Cast, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        done(alice.patch(f"/contacts/{cast.ada.id}", {"email": "ada@new.example"}))
    sent = [letter["to"] for letter in done(alice.get("/messages?kind=invitation"))["items"]]
    assert sent == ["ada@new.example", "ada@example.com"]


def test_how_talks_come_into_ones_own_calendar_is_a_wish(
    alice: Caller, talk: Interview, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        found = done(alice.patch("/preferences", {"own_copy": "invitation"}))
    assert found["own_copy"] == "invitation"
    sent = [letter["to"] for letter in done(alice.get("/messages?kind=invitation"))["items"]]
    assert "alice@example.org" in sent
