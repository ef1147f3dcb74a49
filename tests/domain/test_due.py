"""What is due: on which day it stands, how it is put off and finished, and how both are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.database import transaction
from crm.domain import contacts, interviews, mail, pipeline, reminders, thanks, touches
from crm.domain.errors import Invalid, NotAllowed
from crm.domain.reminders import writing
from crm.models import Contact, Interview, Kind, Reminder, ReminderState, Stage
from tests.cast import Cast

HOUSE = mail.Letterhead("http://localhost:8000", "crm@localhost")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def only(contact: Contact, kind: Kind) -> Reminder:
    """The one open promise of a kind."""
    (found,) = reminders.open_of(contact, [kind])
    return found


def planned(cast: Cast, starts_at: datetime, now: datetime) -> Interview:
    return interviews.plan(cast.ada, by=cast.alice, starts_at=starts_at, now=now, house=HOUSE, invite=False)


def held(cast: Cast, now: datetime, ended_at: datetime) -> Interview:
    interview = planned(cast, ended_at - HOUR, now)
    interviews.complete(interview, by=cast.alice, now=now, ended_at=ended_at)
    return interview


def kinds(items: list[reminders.Item]) -> list[Kind]:
    return [item.reminder.kind for item in items]


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def test_an_ask_is_due_today_on_its_day_and_overdue_from_the_next(cast: Cast, now: datetime) -> None:
    due_at = only(cast.ada, Kind.ASK).due_at
    for at, name in ((due_at - DAY, "later"), (due_at + 9 * HOUR, "today"), (due_at + DAY, "overdue")):
        found = reminders.days(cast.workspace, cast.alice, now=at)
        assert kinds(getattr(found, name)) == [Kind.ASK]


def test_nothing_of_bob_is_ever_due_to_alice(cast: Cast, now: datetime) -> None:
    contacts.add(cast.bobs_workspace, {"name": "Grace"}, by=cast.bob, now=now)
    found = reminders.days(cast.workspace, cast.alice, now=now + 3 * DAY)
    assert {item.reminder.contact_id for item in [*found.overdue, *found.today]} == {cast.ada.id}


def test_a_thank_you_stands_under_today_until_its_24_hours_are_over(cast: Cast, now: datetime) -> None:
    held(cast, now, ended_at=now - HOUR)
    writing.write_due(house=HOUSE, now=now)
    (item,) = reminders.days(cast.workspace, cast.alice, now=now + 22 * HOUR).today
    assert item.at == now + 23 * HOUR
    assert kinds(reminders.days(cast.workspace, cast.alice, now=now + 23 * HOUR).overdue) == [Kind.THANK_YOU]
    assert reminders.mark(cast.workspace, cast.alice, until=now + DAY, now=now + 23 * HOUR) == (1, True)


def test_a_follow_up_stays_in_sight_between_its_two_letters(cast: Cast, now: datetime) -> None:
    touches.log(cast.ada, "ask", by=cast.alice, now=now)
    first = only(cast.ada, Kind.FOLLOW_UP).due_at
    writing.write_due(house=HOUSE, now=first)
    found = reminders.days(cast.workspace, cast.alice, now=first + 2 * HOUR)
    assert kinds(found.today) == [Kind.FOLLOW_UP]


def test_preparing_is_over_when_the_talk_begins(cast: Cast, now: datetime) -> None:
    planned(cast, now + 30 * HOUR, now)
    before = reminders.days(cast.workspace, cast.alice, now=now + 29 * HOUR)
    after = reminders.days(cast.workspace, cast.alice, now=now + 30 * HOUR)
    assert set(kinds(before.today)) == {Kind.PREPARE, Kind.BRIEF}
    assert before.later == []
    assert kinds(after.today) == [Kind.HOW_DID_IT_GO]
    assert reminders.mark(cast.workspace, cast.alice, until=now + 3 * DAY, now=now + 30 * HOUR)[0] == 1


def test_putting_off_offers_the_evening_only_while_there_is_one(now: datetime) -> None:
    morning = reminders.put_off_choices(now, STOCKHOLM)
    assert [f"{at.astimezone(STOCKHOLM):%a %H:%M}" for at in morning.values()] == [
        "Tue 18:00",
        "Wed 08:00",
        "Mon 08:00",
    ]
    assert list(reminders.put_off_choices(now + 8 * HOUR, STOCKHOLM)) == ["tomorrow", "week"]


def test_what_belongs_to_a_talk_cannot_be_put_off_until_it_has_begun(cast: Cast, now: datetime) -> None:
    planned(cast, now + 30 * HOUR, now)
    brief = only(cast.ada, Kind.BRIEF)
    assert list(reminders.offers(brief, now, STOCKHOLM)) == ["evening", "tomorrow"]
    assert list(reminders.offers(brief, now + 29 * HOUR, STOCKHOLM)) == []


def test_thanks_may_be_put_off_beyond_the_24_hours_but_it_is_known(cast: Cast, now: datetime) -> None:
    held(cast, now, ended_at=now - HOUR)
    thank = only(cast.ada, Kind.THANK_YOU)
    late = {
        name for name, at in reminders.offers(thank, now, STOCKHOLM).items() if reminders.too_late(thank, at)
    }
    assert late == {"week"}


def test_a_snooze_taken_back_leaves_every_step_as_it_was(cast: Cast, now: datetime) -> None:
    held(cast, now, ended_at=now - HOUR)
    reminder = only(cast.ada, Kind.THANK_YOU)
    writing.write_due(house=HOUSE, now=now)
    before = (reminder.steps, reminder.step, reminder.due_at, reminder.state)
    reminders.snooze(reminder, now + 20 * HOUR, now=now)
    assert (reminder.state, reminder.due_at) == (ReminderState.SNOOZED, now + 20 * HOUR)
    reminders.take_back(reminder, now=now)
    assert (reminder.steps, reminder.step, reminder.due_at, reminder.state) == before


def test_a_second_snooze_replaces_the_first_and_gives_way_to_it_again(cast: Cast, now: datetime) -> None:
    reminder = only(cast.ada, Kind.ASK)
    reminders.snooze(reminder, now + 5 * DAY, now=now)
    first = (reminder.steps, reminder.step)
    reminders.snooze(reminder, now + DAY, now=now)
    assert [name for name, _ in reminder.steps[reminder.step :]] == ["snoozed"]
    reminders.take_back(reminder, now=now)
    assert (reminder.steps, reminder.step) == first
    assert (reminder.state, reminder.due_at) == (ReminderState.SNOOZED, now + 5 * DAY)


def test_a_reminder_is_put_off_to_a_time_within_the_next_year_alone(cast: Cast, now: datetime) -> None:
    for until in (now, now - DAY, now + 400 * DAY):
        with pytest.raises(Invalid) as refused:
            reminders.snooze(only(cast.ada, Kind.ASK), until, now=now)
        assert list(refused.value.errors) == ["until"]


def test_done_taken_back_stands_again_with_its_letters_behind_it(cast: Cast, now: datetime) -> None:
    reminder = only(cast.ada, Kind.ASK)
    writing.write_due(house=HOUSE, now=reminder.due_at)
    reminders.done(reminder, now=now)
    reminders.take_back(reminder, now=now)
    assert reminder.state is ReminderState.SENT
    with pytest.raises(NotAllowed, match="nothing to take back"):
        reminders.take_back(reminder, now=now)


def test_staying_in_touch_taken_back_drops_the_next_date(cast: Cast, now: datetime) -> None:
    held(cast, now, ended_at=now - HOUR)
    thanks.record(cast.ada, by_user=cast.alice, now=now)
    reminder = only(cast.ada, Kind.STAY_IN_TOUCH)
    reminders.done(reminder, now=now + 30 * DAY)
    assert only(cast.ada, Kind.STAY_IN_TOUCH) is not reminder
    reminders.take_back(reminder, now=now + 30 * DAY)
    assert only(cast.ada, Kind.STAY_IN_TOUCH) is reminder


def test_what_is_no_longer_owed_is_not_taken_back(cast: Cast, now: datetime) -> None:
    ask = only(cast.ada, Kind.ASK)
    reminders.done(ask, now=now)
    pipeline.move(cast.ada, Stage.AGREED, by=cast.alice, now=now)
    with pytest.raises(NotAllowed, match="moved on"):
        reminders.take_back(ask, now=now)


def test_an_ask_that_was_logged_and_a_date_that_was_set_are_not_owed_again(cast: Cast, now: datetime) -> None:
    ask = only(cast.ada, Kind.ASK)
    touches.log(cast.ada, "ask", by=cast.alice, now=now)
    pipeline.move(cast.ada, Stage.AGREED, by=cast.alice, now=now)
    date = only(cast.ada, Kind.SET_DATE)
    planned(cast, now + 30 * HOUR, now)
    for reminder in (ask, date):
        assert reminder.state is ReminderState.DONE
        with pytest.raises(NotAllowed):
            reminders.take_back(reminder, now=now)


def test_thanks_that_were_said_are_not_owed_again(cast: Cast, now: datetime) -> None:
    held(cast, now, ended_at=now - HOUR)
    reminder = only(cast.ada, Kind.THANK_YOU)
    thanks.record(cast.ada, by_user=cast.alice, now=now)
    with pytest.raises(NotAllowed):
        reminders.take_back(reminder, now=now)


def test_each_kind_of_promise_leads_to_the_page_on_which_it_is_kept(cast: Cast, now: datetime) -> None:
    assert reminders.act(only(cast.ada, Kind.ASK)).path == f"/contacts/{cast.ada.id}/log"
    interview = held(cast, now, ended_at=now - HOUR)
    assert reminders.act(only(cast.ada, Kind.THANK_YOU)).path == f"/contacts/{cast.ada.id}/thanks"
    assert interview.contact is cast.ada
    referrer = contacts.add(cast.workspace, {"name": "Grace"}, by=cast.alice, now=now)
    contacts.change(cast.ada, {"referred_by": referrer.id}, by=cast.alice, now=now)
    thanks.record(cast.ada, by_user=cast.alice, now=now)
    assert reminders.act(only(cast.ada, Kind.TELL_REFERRER)).path == f"/contacts/{referrer.id}/log"
