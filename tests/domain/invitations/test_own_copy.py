"""The seeker's own copy: by the feed or by letters, never by both."""

from __future__ import annotations

from datetime import datetime

from crm.database import transaction
from crm.domain import interviews, invitations
from crm.models import OwnCopy
from tests.cast import Cast
from tests.domain.invitations.post import HOME, TALK, change, leaving, plan
from tests.domain.play import DAY, HOUR


def choose(cast: Cast, way: OwnCopy, now: datetime) -> None:
    with transaction():
        invitations.own.choose(cast.alice, cast.workspace, way, house=HOME, now=now)


def test_the_seeker_gets_no_copy_beside_the_feed(cast: Cast, now: datetime) -> None:
    plan(cast, now)
    assert [letter.sums_up[0] for letter in leaving()] == ["ada@example.com"]


def test_a_copy_by_letter_follows_everything(cast: Cast, now: datetime) -> None:
    choose(cast, OwnCopy.INVITATION, now)
    talk = plan(cast, now, invite=False)
    (first,) = leaving()
    assert first.sums_up == ("alice@example.org", "REQUEST", 0, "CONFIRMED")
    assert first.event["UID"] == talk.uid
    assert first.event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert first.event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert first.event["ORGANIZER"] == f"mailto:{talk.organizer}"
    assert first.event["SUMMARY"] == "Talk with Ada Okafor"
    change(cast, talk, now + HOUR, starts_at=TALK + DAY)
    change(cast, talk, now + HOUR, place="14 Marina Road")
    assert [letter.sums_up for letter in leaving()] == [("alice@example.org", "REQUEST", 2, "CONFIRMED")]
    with transaction():
        interviews.cancel(talk, by=cast.alice, now=now + 2 * HOUR, house=HOME)
    assert [letter.sums_up for letter in leaving()] == [("alice@example.org", "CANCEL", 3, "CANCELLED")]


def test_changing_over_moves_what_is_to_come(cast: Cast, now: datetime) -> None:
    plan(cast, now, invite=False)
    choose(cast, OwnCopy.INVITATION, now + HOUR)
    assert [letter.sums_up[:2] for letter in leaving()] == [("alice@example.org", "REQUEST")]
    choose(cast, OwnCopy.INVITATION, now + 2 * HOUR)
    assert leaving() == []
    choose(cast, OwnCopy.FEED, now + 3 * HOUR)
    assert [letter.sums_up[:2] for letter in leaving()] == [("alice@example.org", "CANCEL")]
