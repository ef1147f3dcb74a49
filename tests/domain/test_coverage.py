"""Coverage: three interviews, three roles, two organisations, and who could close the gaps (P-L2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from crm.database import transaction
from crm.domain import campaigns, contacts, pipeline
from crm.models import Campaign, Contact, Stage, WorkRole
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


@pytest.fixture
def water(cast: Cast, now: datetime) -> Campaign:
    """A field with Ada in it."""
    campaign = campaigns.add(cast.workspace, {"name": "Water treatment"}, now=now)
    facts = {"campaigns": [campaign.id], "roles": ["practitioner"], "organisation": "Kitsap Lab"}
    contacts.change(cast.ada, facts, by=cast.alice, now=now)
    return campaign


def person(cast: Cast, water: Campaign, name: str, now: datetime, **facts: Any) -> Contact:
    values = {"name": name, "campaigns": [water.id], **facts}
    return contacts.add(cast.workspace, values, by=cast.alice, now=now)


def talked(cast: Cast, contact: Contact, now: datetime) -> None:
    pipeline.move(contact, Stage.INTERVIEWED, by=cast.alice, now=now)


def test_a_new_field_misses_everything_and_names_who_could_help(
    cast: Cast, water: Campaign, now: datetime
) -> None:
    found = campaigns.coverage(water)
    assert (found.interviewed, found.organisations, found.roles_covered) == (0, 0, [])
    assert [candidate.contact for candidate in found.candidates] == [cast.ada]
    assert found.candidates[0].closes == [
        "Is a practitioner.",
        "Would add Kitsap Lab as another organisation.",
        "Would be one of the 3 interviews still needed.",
    ]
    assert found.could(WorkRole.PRACTITIONER) == found.could_add() == [cast.ada]
    assert found.could(WorkRole.SUPERVISOR) == []


def test_a_talk_covers_the_roles_and_the_organisation_of_the_person(
    cast: Cast, water: Campaign, now: datetime
) -> None:
    talked(cast, cast.ada, now)
    found = campaigns.coverage(water)
    assert found.roles_covered == [WorkRole.PRACTITIONER]
    assert found.who(WorkRole.PRACTITIONER) == [cast.ada]
    assert [place.name for place in found.places] == ["Kitsap Lab"]
    assert not found.complete


def test_three_talks_in_two_organisations_with_all_roles_complete_it(
    cast: Cast, water: Campaign, now: datetime
) -> None:
    grace = person(cast, water, "Grace", now, roles=["supervisor"], organisation="Harbour")
    joan = person(cast, water, "Joan", now, roles=["hiring_manager"], organisation="Harbour")
    for contact in (cast.ada, grace, joan):
        talked(cast, contact, now)
    found = campaigns.coverage(water)
    assert found.complete
    assert found.candidates == []


def test_who_left_the_field_covers_no_role_and_is_no_candidate(
    cast: Cast, water: Campaign, now: datetime
) -> None:
    person(cast, water, "Grace", now, roles=["supervisor"], in_field="no")
    contacts.change(cast.ada, {"in_field": "no"}, by=cast.alice, now=now)
    talked(cast, cast.ada, now)
    found = campaigns.coverage(water)
    assert (found.interviewed, found.roles_covered, found.candidates) == (1, [], [])


def test_several_campaigns_are_summed_up_at_once_and_alike(
    cast: Cast, water: Campaign, now: datetime
) -> None:
    talked(cast, cast.ada, now)
    empty = campaigns.add(cast.workspace, {"name": "Brewing"}, now=now)
    found = campaigns.coverages(cast.workspace, [water, empty])
    assert found[water.id].who(WorkRole.PRACTITIONER) == [cast.ada]
    assert (found[water.id].interviewed, found[empty.id].interviewed) == (1, 0)


def test_the_people_of_a_campaign_are_those_furthest_on_first(
    cast: Cast, water: Campaign, now: datetime
) -> None:
    grace = person(cast, water, "Grace", now)
    talked(cast, grace, now)
    contacts.delete(person(cast, water, "Gone", now), by=cast.alice, now=now)
    assert campaigns.people(water) == [grace, cast.ada]


def test_who_agreed_to_talk_is_on_the_way_and_no_longer_a_candidate(
    cast: Cast, water: Campaign, now: datetime
) -> None:
    pipeline.move(cast.ada, Stage.AGREED, by=cast.alice, now=now)
    found = campaigns.coverage(water)
    assert found.will(WorkRole.PRACTITIONER) == [cast.ada]
    assert found.candidates == []
