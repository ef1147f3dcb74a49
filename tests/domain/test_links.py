"""Links that act from a letter: each for one reminder of one user, for one thing, for thirty days."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crm.database import db, transaction
from crm.domain import contacts, reminders
from crm.domain.errors import NotAllowed, NotFound
from crm.domain.mail import Letterhead
from crm.domain.reminders import links
from crm.domain.reminders.links import Link, Purpose
from crm.models import Kind, Reminder, ReminderState
from crm.settings import keys
from tests.cast import Cast
from tests.domain.play import DAY, HOUSE, KEY, MINUTE, one


@pytest.fixture
def ask(cast: Cast) -> Reminder:
    """Ada is to be asked."""
    return one(cast.ada, Kind.ASK)


def token(reminder: Reminder, now: datetime, purpose: Purpose = Purpose.DONE) -> str:
    return links.sign(reminder, purpose, key=KEY, now=now)


def test_a_link_says_what_it_is_for_which_reminder_and_whose(ask: Reminder, now: datetime) -> None:
    for purpose in Purpose:
        link = links.read(token(ask, now, purpose), key=KEY, now=now)
        assert link == Link(purpose, ask.id, ask.owner_id)
        assert links.find(link) is ask


def test_it_is_short_and_fits_into_a_line(ask: Reminder, now: datetime) -> None:
    done, later, page = links.acts(ask, house=HOUSE, now=now)
    assert done.startswith("https://fika.example.org/a/")
    assert page == f"https://fika.example.org/due/{ask.id}"
    assert len({done, later}) == 2
    assert max(len(f"Later: {address}") for address in (done, later)) <= 74


def test_it_works_for_thirty_days_and_not_longer(ask: Reminder, now: datetime) -> None:
    given = token(ask, now)
    assert links.read(given, key=KEY, now=now + 30 * DAY).reminder_id == ask.id
    with pytest.raises(links.Expired) as late:
        links.read(given, key=KEY, now=now + 30 * DAY + MINUTE)
    assert "30 days" in late.value.sentence
    assert late.value.link.reminder_id == ask.id


def test_no_letter_of_it_can_be_changed(ask: Reminder, now: datetime) -> None:
    given = token(ask, now)
    for place, letter in enumerate(given):
        for other in "Ab-_":
            forged = given[:place] + other + given[place + 1 :]
            if other != letter:
                with pytest.raises(NotFound):
                    links.read(forged, key=KEY, now=now)


@pytest.mark.parametrize("text", ["", "d", "é", "a" * 39, "A" * 5000, "=", "../..", "\x00", "💩"])
def test_what_is_no_link_is_not_found(text: str, now: datetime) -> None:
    with pytest.raises(NotFound):
        links.read(text, key=KEY, now=now)


def test_nothing_around_it_is_taken(ask: Reminder, now: datetime) -> None:
    given = token(ask, now)
    for text in (given + "=", given + "A", given[:-1], f" {given}", f"{given[:5]}!{given[5:]}"):
        with pytest.raises(NotFound):
            links.read(text, key=KEY, now=now)


def test_a_link_of_one_reminder_or_purpose_is_none_of_another(cast: Cast, now: datetime) -> None:
    with transaction():
        bea = contacts.add(cast.workspace, {"name": "Bea"}, by=cast.alice, now=now)
    first, second = one(cast.ada, Kind.ASK), one(bea, Kind.ASK)
    made = {token(reminder, now, purpose) for reminder in (first, second) for purpose in Purpose}
    assert len(made) == 4
    assert links.find(links.read(token(second, now), key=KEY, now=now)) is second


def test_another_key_is_another_house(ask: Reminder, now: datetime) -> None:
    with pytest.raises(NotFound):
        links.read(token(ask, now), key=keys.derived("another secret", "letters"), now=now)


def test_without_a_key_there_are_no_links_and_none_is_taken(ask: Reminder, now: datetime) -> None:
    bare = Letterhead("https://fika.example.org", "crm@fika.example.org")
    assert links.acts(ask, house=bare, now=now)[:2] == ("", "")
    with pytest.raises(NotFound):
        links.read(links.sign(ask, Purpose.DONE, key=b"", now=now), key=b"", now=now)


def test_the_key_is_for_letters_alone_and_stands_in_no_repr() -> None:
    assert keys.derived("secret", "letters") != keys.derived("secret", "push")
    assert "nobody" not in repr(HOUSE)


def test_a_contact_that_changed_hands_or_is_in_the_trash_is_not_found(
    cast: Cast, ask: Reminder, now: datetime
) -> None:
    link = links.read(token(ask, now), key=KEY, now=now)
    with pytest.raises(NotFound):
        links.find(Link(link.purpose, link.reminder_id, cast.bob.id))
    with transaction():
        contacts.delete(cast.ada, by=cast.alice, now=now)
    with pytest.raises(NotFound):
        links.find(link)


def test_a_link_takes_back_only_what_it_is_for(ask: Reminder, now: datetime) -> None:
    done, later = (links.read(token(ask, now, purpose), key=KEY, now=now) for purpose in Purpose)
    with transaction():
        reminders.snooze(ask, now + DAY, now=now)
        with pytest.raises(NotAllowed):
            links.undo(done, ask, now=now)
        links.undo(later, ask, now=now)
        assert ask.state is ReminderState.PENDING
        reminders.done(ask, now=now)
        with pytest.raises(NotAllowed):
            links.undo(later, ask, now=now)
        links.undo(done, ask, now=now)
    db.session.refresh(ask)
    assert ask.state is ReminderState.PENDING


def test_years_from_now_a_link_can_still_be_written(ask: Reminder, now: datetime) -> None:
    later = now + timedelta(days=365 * 1000)
    assert links.read(token(ask, later), key=KEY, now=later).owner_id == ask.owner_id
