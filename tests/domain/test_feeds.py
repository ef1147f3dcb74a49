"""Subscriptions: what stands in a feed, and who may still read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from typing import Any

import pytest
import vobject
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import contacts, feeds, interviews
from crm.domain.errors import Invalid, NotFound
from crm.domain.feeds import Found
from crm.models import Feed, Include, Message, Privacy
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, plan

BOTH = {"name": "Mine", "include": [Include.INTERVIEWS, Include.REMINDERS]}


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def subscribe(cast: Cast, now: datetime, **more: Any) -> Feed:
    return feeds.add(cast.workspace, cast.alice, {"name": "Mine", **more}, now=now)[0]


def render(feed: Feed, now: datetime) -> bytes:
    """What a program gets now, from a process that was started just now."""
    return served(feed, now).body


def served(feed: Feed, now: datetime, shelf: feeds.Shelf | None = None) -> feeds.Calendar:
    feeds.keep(feed.id, addresses=HOUSE.addresses, now=now)
    shelf, found = shelf or feeds.Shelf(), found_of(feed)
    return shelf.ready(found, now=now) or shelf.renewed(found, now=now)


def found_of(feed: Feed) -> Found:
    has = {"is_revoked": False, "is_paused": False, "is_marked": False}
    return Found(feed.id, feed.name, feed.version, feed.recipe, f"feed {feed.id}", **has)


def events(feed: Feed, now: datetime) -> list[Any]:
    found = vobject.readOne(render(feed, now).decode())
    return list(getattr(found, "vevent_list", []))


def titles(feed: Feed, now: datetime) -> list[str]:
    return [event.summary.value for event in events(feed, now)]


def test_a_talk_stands_in_the_feed_with_what_is_needed(cast: Cast, now: datetime) -> None:
    facts = {"organisation": "Kitsap", "title": "Process engineer", "phone": "555-0100"}
    contacts.change(cast.ada, facts, by=cast.alice, now=now)
    interview = plan(cast, now + DAY, now, place="12 Marina Road")
    (event,) = events(subscribe(cast, now), now)
    assert event.summary.value == "Interview with Ada Okafor"
    assert event.description.value == "Process engineer, Kitsap\nPhone: 555-0100\n20 minutes"
    assert event.location.value == "12 Marina Road"
    assert event.url.value == f"https://fika.example.org/interviews/{interview.id}"


def test_feed_and_invitation_speak_of_the_same_talk(cast: Cast, now: datetime) -> None:
    interview = plan(cast, now + DAY, now)
    interviews.change(interview, {"starts_at": now + 2 * DAY}, by=cast.alice, now=now + HOUR, house=HOUSE)
    letter = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert letter is not None
    assert letter.raw is not None
    (event,) = events(subscribe(cast, now), now)
    assert (event.uid.value, event.sequence.value) == (interview.uid, "1")
    *_, attached = message_from_bytes(letter.raw).walk()
    mailed = vobject.readOne(attached.get_payload(decode=True).decode()).vevent  # type: ignore[union-attr]
    assert (mailed.uid.value, mailed.sequence.value) == (interview.uid, "1")
    assert mailed.dtstart.value == event.dtstart.value == now + 2 * DAY


@pytest.mark.parametrize(
    ("privacy", "title", "has_place"),
    [
        (Privacy.FULL, "Interview with Ada Okafor", True),
        (Privacy.INITIALS, "Interview with AO", False),
        (Privacy.BUSY, "Busy", False),
    ],
)
def test_a_feed_tells_as_much_as_its_owner_wants(
    cast: Cast, now: datetime, privacy: Privacy, title: str, has_place: bool
) -> None:
    plan(cast, now + DAY, now, place="12 Marina Road")
    ics = render(subscribe(cast, now, privacy=privacy, include=BOTH["include"]), now)
    assert title.encode() in ics
    assert (b"LOCATION:" in ics) is has_place
    assert (b"URL:" in ics) is (privacy is not Privacy.BUSY)
    assert (b"Okafor" in ics) is (privacy is Privacy.FULL)


def test_what_is_due_is_a_day_that_blocks_nobody(cast: Cast, now: datetime) -> None:
    (event,) = events(subscribe(cast, now, include=[Include.REMINDERS]), now)
    assert event.summary.value == "Ask Ada Okafor for a talk"
    assert event.dtstart.value.isoformat() == "2026-03-13"
    assert event.transp.value == "TRANSPARENT"


def test_the_day_is_the_owners(cast: Cast, now: datetime) -> None:
    cast.alice.timezone = "Pacific/Kiritimati"
    grace = contacts.add(cast.workspace, {"name": "Grace"}, by=cast.alice, now=now)
    days = {
        event.summary.value: event.dtstart.value.isoformat()
        for event in events(subscribe(cast, now, include=[Include.REMINDERS]), now)
    }
    assert days[f"Ask {grace.name} for a talk"] == "2026-03-13"


def test_what_ended_leaves_the_feed(cast: Cast, now: datetime) -> None:
    feed = subscribe(cast, now)
    interview = plan(cast, now + DAY, now)
    interviews.cancel(interview, by=cast.alice, now=now, house=HOUSE)
    assert titles(feed, now) == []


def test_a_talk_that_was_held_stays_as_it_was_planned(cast: Cast, now: datetime) -> None:
    feed = subscribe(cast, now)
    interview = plan(cast, now + DAY, now)
    interviews.complete(interview, by=cast.alice, now=now + 2 * DAY, ended_at=now + DAY + 2 * HOUR)
    (event,) = events(feed, now + 2 * DAY)
    assert (event.dtend.value, event.sequence.value) == (interview.ends_at, "0")


def test_questions_by_letter_and_contacts_in_the_trash_are_not_in_the_feed(cast: Cast, now: datetime) -> None:
    feed = subscribe(cast, now, include=BOTH["include"])
    plan(cast, now + DAY, now, medium="email")
    assert "Interview with Ada Okafor" not in titles(feed, now)
    contacts.delete(cast.ada, by=cast.alice, now=now)
    assert titles(feed, now) == []


@pytest.mark.parametrize(("days", "is_there"), [(-91, False), (-90, True), (547, True), (549, False)])
def test_a_feed_looks_90_days_back_and_18_months_ahead(
    cast: Cast, now: datetime, days: int, is_there: bool
) -> None:
    feed = subscribe(cast, now)
    plan(cast, now + days * DAY, now)
    assert (titles(feed, now) != []) is is_there


def test_on_one_day_the_same_data_are_the_same_bytes(cast: Cast, now: datetime) -> None:
    plan(cast, now + DAY, now)
    feed = subscribe(cast, now, include=BOTH["include"])
    assert render(feed, now) == render(feed, now + 14 * HOUR)
    interviews.of(cast.ada)[0].place = "Lobby"
    assert b"Lobby" in render(feed, now + HOUR)


def test_nobody_elses_talks_are_in_a_feed(cast: Cast, now: datetime) -> None:
    plan(cast, now + DAY, now)
    bobs = feeds.add(cast.bobs_workspace, cast.bob, BOTH, now=now)[0]
    assert titles(bobs, now) == []
    with pytest.raises(NotFound):
        feeds.get(cast.workspace, cast.alice, bobs.id)


def test_an_address_is_found_until_it_is_replaced_and_remembered_afterwards(
    cast: Cast, now: datetime
) -> None:
    feed, secret = feeds.add(cast.workspace, cast.alice, BOTH, now=now)
    newer = feeds.rotate(feed, now=now + HOUR)
    old, new = feeds.by_secret(secret), feeds.by_secret(newer)
    assert old is not None
    assert new is not None
    assert (old.revoked_at, new.revoked_at) == (now + HOUR, None)
    assert feeds.by_secret("never was") is None
    feeds.remove(feed, now=now + DAY)
    assert new.revoked_at == now + DAY
    assert feeds.page(cast.workspace, cast.alice) == []


def test_the_secret_itself_is_not_kept(cast: Cast, now: datetime) -> None:
    _, secret = feeds.add(cast.workspace, cast.alice, BOTH, now=now)
    token = feeds.by_secret(secret)
    assert token is not None
    assert secret not in token.token_hash
    assert len(secret) == 32


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": " "}, "name"), ({"include": []}, "include"), ({"privacy": "open"}, "privacy")],
)
def test_a_feed_that_cannot_be_is_refused(
    cast: Cast, now: datetime, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        feeds.add(cast.workspace, cast.alice, {**BOTH, **values}, now=now)
    assert list(refused.value.errors) == [field]
