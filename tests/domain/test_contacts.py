"""Contacts: added, changed, found, and kept from everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from crm.database import db, transaction
from crm.domain import campaigns, contacts, search, timeline
from crm.domain.errors import Invalid, NotFound
from crm.domain.search import Filter
from crm.models import Closed, Contact, Stage
from tests.cast import Cast
from tests.domain.play import DAY, kinds

FACTS: dict[str, Any] = {
    "name": "Grace  Hopper",
    "email": "Grace@EXAMPLE.org",
    "phone": "+1 555 0100",
    "organisation": "Navy Yard",
    "title": "Admiral",
    "roles": ["hiring_manager", "practitioner"],
    "in_field": "recently",
    "source": "Alumni",
    "interest": "warm",
    "linkedin_url": "linkedin.com/in/grace",
    "postal_address": "1 Pier Road\nArlington",
    "timezone": "America/New_York",
    "tags": "fair, navy",
    "notes": "COBOL.",
}


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def add(cast: Cast, now: datetime, **values: Any) -> Contact:
    return contacts.add(cast.workspace, {"name": "Grace", **values}, by=cast.alice, now=now)


def change(cast: Cast, now: datetime, **values: Any) -> Contact:
    return contacts.change(cast.ada, values, by=cast.alice, now=now)


def found(cast: Cast, **look_for: Any) -> list[str]:
    return [contact.name for contact in search.contacts(cast.workspace, Filter(**look_for))]


def test_a_contact_is_kept_with_all_its_facts(cast: Cast, now: datetime) -> None:
    grace = add(cast, now, **FACTS)
    db.session.expire_all()
    assert (grace.name, grace.email, grace.stage, grace.stage_since) == (
        "Grace Hopper",
        "Grace@example.org",
        Stage.LOCATED,
        now,
    )
    assert grace.organisation is not None
    assert grace.organisation.name == "Navy Yard"
    assert grace.roles == ("practitioner", "hiring_manager")
    assert grace.linkedin_url == "https://linkedin.com/in/grace"
    assert grace.tag_names == ["fair", "navy"]
    assert timeline.of(grace)[0].text == "Added as a contact. Source: Alumni."
    assert kinds(grace) == ["ask"]


def test_a_known_address_makes_a_second_contact(cast: Cast, now: datetime) -> None:
    assert add(cast, now, email="ada@example.com").id != cast.ada.id


def test_two_spellings_are_one_organisation(cast: Cast, now: datetime) -> None:
    first, second = add(cast, now, organisation="Navy Yard"), add(cast, now, organisation=" NAVY  yard")
    assert first.organisation_id == second.organisation_id


def test_null_clears_a_fact(cast: Cast, now: datetime) -> None:
    grace = add(cast, now, **FACTS)
    empty = {field: None for field in FACTS if field != "name"}
    contacts.change(grace, empty, by=cast.alice, now=now)
    kept = {field: getattr(grace, field) for field in empty if field not in ("tags", "roles")}
    assert set(kept.values()) == {None}
    assert (grace.tag_names, grace.roles, grace.email_key) == ([], (), None)


def test_what_is_not_given_stays(cast: Cast, now: datetime) -> None:
    change(cast, now + DAY, title="Engineer")
    assert (cast.ada.email, cast.ada.title, cast.ada.updated_at) == ("ada@example.com", "Engineer", now + DAY)


def test_a_tag_that_stays_is_the_same_tag(cast: Cast, now: datetime) -> None:
    change(cast, now, tags=["fair", "lab"])
    fair = cast.ada.tags[0]
    change(cast, now, tags=["FAIR", "port"])
    assert cast.ada.tag_names == ["fair", "port"]
    assert cast.ada.tags[0] is fair


def test_names_that_fold_into_many_letters_fit(cast: Cast, now: datetime) -> None:
    grace = add(cast, now, name="ﷺ" * 200, organisation="ﷺ" * 200, tags=["ﷺ" * 50])
    db.session.expire_all()
    assert found(cast, tag="ﷺ" * 50) == [grace.name]


@pytest.mark.parametrize("referrer", ["self", "bobs", "nobody"])
def test_only_another_contact_of_ones_own_refers_somebody(cast: Cast, now: datetime, referrer: str) -> None:
    bobs = contacts.add(cast.bobs_workspace, {"name": "Hedy"}, by=cast.bob, now=now)
    ids = {"self": cast.ada.id, "bobs": bobs.id, "nobody": 999_999}
    with pytest.raises(Invalid) as refused:
        change(cast, now, referred_by=ids[referrer])
    assert list(refused.value.errors) == ["referred_by"]


def test_nobody_elses_campaign_takes_a_contact_in(cast: Cast, now: datetime) -> None:
    bobs = campaigns.add(cast.bobs_workspace, {"name": "Ships"}, now=now)
    with pytest.raises(Invalid) as refused:
        change(cast, now, campaigns=[bobs.id])
    assert list(refused.value.errors) == ["campaigns"]


def test_a_campaign_that_was_put_away_takes_its_name_off_the_contact(cast: Cast, now: datetime) -> None:
    water, ships = (campaigns.add(cast.workspace, {"name": name}, now=now) for name in ("Water", "Ships"))
    change(cast, now, campaigns=[water.id, ships.id])
    campaigns.remove(water, now=now)
    db.session.flush()
    db.session.expire_all()
    assert [campaign.name for campaign in cast.ada.campaigns] == ["Ships"]
    campaigns.restore(cast.workspace, water.id)
    db.session.flush()
    db.session.expire_all()
    assert [campaign.name for campaign in cast.ada.campaigns] == ["Water", "Ships"]


def test_closing_and_reopening_is_told(cast: Cast, now: datetime) -> None:
    for closed in (Closed.PARKED, Closed.NO_ANSWER, None):
        change(cast, now, closed=closed)
    assert [entry.text for entry in timeline.of(cast.ada)][:3] == [
        "Reopened.",
        "Closed: no answer.",
        "Parked.",
    ]


def test_bob_never_sees_ada(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        contacts.get(cast.bobs_workspace, cast.ada.id)
    assert list(search.contacts(cast.bobs_workspace, Filter(q="ada"))) == []
    contacts.delete(cast.ada, by=cast.alice, now=now)
    assert contacts.trash(cast.bobs_workspace, now=now) == []


def test_in_the_trash_a_contact_is_found_there_alone(cast: Cast, now: datetime) -> None:
    contacts.delete(cast.ada, by=cast.alice, now=now)
    contacts.delete(cast.ada, by=cast.alice, now=now + DAY)
    with pytest.raises(NotFound):
        contacts.get(cast.workspace, cast.ada.id)
    assert contacts.get(cast.workspace, cast.ada.id, deleted=True) is cast.ada
    assert found(cast) == []
    assert contacts.trash(cast.workspace, now=now + 29 * DAY) == [cast.ada]
    assert contacts.trash(cast.workspace, now=now + 30 * DAY) == []
    assert cast.ada.deleted_at == now


@pytest.mark.parametrize(
    "words", ["okafor", "ADA OKAFOR", "kitsap process", "ada@example", "fair", "membranes", "0100"]
)
def test_a_contact_is_found_by_any_of_its_words(cast: Cast, now: datetime, words: str) -> None:
    facts = {"organisation": "Kitsap", "title": "Process engineer", "tags": ["fair"], "phone": "555-0100"}
    change(cast, now, **facts, notes="Knows membranes.")
    add(cast, now)
    assert found(cast, q=words) == ["Ada Okafor"]


@pytest.mark.parametrize("words", ["%", "_", "100%", "\\", "'; drop table"])
def test_marks_of_the_database_mean_themselves(cast: Cast, now: datetime, words: str) -> None:
    assert found(cast, q=words) == []
    add(cast, now, name=f"Odd {words}")
    assert found(cast, q=words) == [f"Odd {words}"]


def test_filters_narrow_what_is_found(cast: Cast, now: datetime) -> None:
    water = campaigns.add(cast.workspace, {"name": "Water"}, now=now)
    add(cast, now, name="Bea", campaigns=[water.id], tags=["Fair"])
    add(cast, now, name="Cem", closed="parked")
    assert found(cast) == ["Ada Okafor", "Bea"]
    assert found(cast, campaign=water.id) == found(cast, tag="FAIR") == ["Bea"]
    assert found(cast, closed="any") == found(cast, closed="parked") == ["Cem"]
    assert found(cast, stage="agreed") == []
