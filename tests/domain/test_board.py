"""The board: what stands on it, in which order, and how few statements it takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm.database import transaction
from crm.domain import board, campaigns, contacts, figures, interviews, mail, pipeline, search
from crm.domain.board import Column
from crm.domain.search import Filter
from crm.models import Contact, Kind, Stage
from tests.cast import Cast
from tests.counting import statements

HOUSE = mail.Letterhead("http://localhost:8000", "crm@example.net")
WHERE = ZoneInfo("Europe/Stockholm")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def columns(cast: Cast, now: datetime, look_for: Filter = Filter(), **more: Any) -> list[Column]:  # noqa: B008
    return board.columns(cast.workspace, look_for, now=now, where=WHERE, **more)


def names(column: Column) -> list[str]:
    return [card.name for card in column.cards]


def add(cast: Cast, name: str, at: datetime, **facts: Any) -> Contact:
    return contacts.add(cast.workspace, {"name": name, **facts}, by=cast.alice, now=at)


def test_a_card_shows_who_where_and_what_is_due(cast: Cast, now: datetime) -> None:
    facts = {"title": "Engineer", "organisation": "Water Works", "tags": ["warm", "alum"]}
    with transaction():
        contacts.change(cast.ada, facts, by=cast.alice, now=now)
    located = columns(cast, now)[0]
    (card,) = located.cards
    assert (card.title, card.organisation, card.tags) == ("Engineer", "Water Works", ["alum", "warm"])
    assert (card.stage_since, card.due_kind, card.due_late) == (now, Kind.ASK, False)
    assert (located.count, located.is_whole) == ("1", True)


def test_all_columns_take_three_statements(cast: Cast, now: datetime) -> None:
    with transaction():
        for number in range(12):
            contact = add(cast, f"Person {number}", now, tags=["a", "b"], organisation=f"Place {number}")
            pipeline.move(contact, list(Stage)[number % 2], by=cast.alice, now=now)
    assert cast.workspace.id
    with statements() as seen:
        assert [column.found for column in columns(cast, now)] == [7, 6, 0, 0, 0]
    assert len(seen) == 3


def test_what_is_due_first_stands_first(cast: Cast, now: datetime) -> None:
    with transaction():
        add(cast, "Grace", now - 9 * DAY)
        add(cast, "Hedy", now - 2 * DAY)
    late, _, __ = columns(cast, now)[0].cards
    assert (late.name, late.due_late) == ("Grace", True)


def test_thanks_are_due_a_day_after_the_talk_ended(cast: Cast, now: datetime) -> None:
    with transaction():
        pipeline.move(cast.ada, Stage.INTERVIEWED, by=cast.alice, now=now, at=now - HOUR)
    (card,) = columns(cast, now)[2].cards
    assert (card.due_kind, card.due_at, card.due_late) == (Kind.THANK_YOU, now + 23 * HOUR, False)
    (card,) = columns(cast, now + DAY)[2].cards
    assert card.due_late


def test_a_talk_stands_on_its_card_with_its_hour(cast: Cast, now: datetime) -> None:
    start = now + 3 * HOUR
    with transaction():
        interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=now, house=HOUSE, invite=False)
    (card,) = columns(cast, now)[1].cards
    assert card.due_at == start


def test_a_long_column_shows_its_latest_and_says_how_many_there_are(cast: Cast, now: datetime) -> None:
    with transaction():
        for number in range(4):
            add(cast, f"Person {number}", now + number * HOUR)
    (located,) = columns(cast, now, stages=[Stage.LOCATED], shown={Stage.LOCATED: 2})
    assert sorted(names(located)) == ["Person 2", "Person 3"]
    assert (located.count, located.is_whole) == ("5", False)


def test_filters_narrow_every_column(cast: Cast, now: datetime) -> None:
    with transaction():
        water = campaigns.add(cast.workspace, {"name": "Water"}, now=now)
        grace = add(cast, "Grace", now, campaigns=[water.id], tags=["Alum"], organisation="Navy")
        pipeline.move(grace, Stage.AGREED, by=cast.alice, now=now)
    for look_for in (Filter(campaign=water.id), Filter(tag="alum"), Filter(q="gra navy")):
        assert [column.found for column in columns(cast, now, look_for)] == [0, 1, 0, 0, 0]


def test_closed_contacts_are_out_of_the_way_until_asked_for(cast: Cast, now: datetime) -> None:
    with transaction():
        contacts.change(cast.ada, {"closed": "parked"}, by=cast.alice, now=now)
        add(cast, "Grace", now)
    assert names(columns(cast, now)[0]) == ["Grace"]
    assert names(columns(cast, now, Filter(closed="any"))[0]) == ["Ada Okafor"]
    assert columns(cast, now, Filter(closed="all"))[0].found == 2


def test_choices_are_ones_own_and_in_use(cast: Cast, now: datetime) -> None:
    with transaction():
        water = campaigns.add(cast.workspace, {"name": "Water"}, now=now)
        campaigns.add(cast.bobs_workspace, {"name": "Secret"}, now=now)
        contacts.change(cast.ada, {"tags": ["warm", "Alum"]}, by=cast.alice, now=now)
        add(cast, "Grace", now, tags=["alum"])
    found = search.choices(cast.workspace)
    assert found.campaigns == [(water.id, "Water")]
    assert [tag.casefold() for tag in found.tags] == ["alum", "warm"]


def test_figures_say_nothing_where_nothing_is_known(cast: Cast, now: datetime) -> None:
    nothing = figures.Figures(people=1, anybody=True, thanked_in_time=None, next_talk_at=None)
    workspace, alice = cast.workspace, cast.alice
    assert workspace.id
    assert alice.id
    with statements() as seen:
        assert figures.at_a_glance(workspace, alice, now=now) == nothing
    assert len(seen) == 1
    assert not figures.at_a_glance(cast.bobs_workspace, cast.bob, now=now).anybody


def test_figures_judge_thanks_once_they_were_given_or_are_too_late(cast: Cast, now: datetime) -> None:
    with transaction():
        pipeline.move(cast.ada, Stage.INTERVIEWED, by=cast.alice, now=now)
        other = add(cast, "Grace", now)
        interviews.plan(other, by=cast.alice, starts_at=now + DAY, now=now, house=HOUSE, invite=False)
    assert figures.at_a_glance(cast.workspace, cast.alice, now=now + HOUR).thanked_in_time is None
    assert figures.at_a_glance(cast.workspace, cast.alice, now=now + HOUR).next_talk_at == now + DAY
    assert figures.at_a_glance(cast.workspace, cast.alice, now=now + 2 * DAY).thanked_in_time == 0
    with transaction():
        pipeline.move(cast.ada, Stage.THANKED, by=cast.alice, now=now + 2 * DAY, at=now + HOUR)
    assert figures.at_a_glance(cast.workspace, cast.alice, now=now + 2 * DAY).thanked_in_time == 100
