"""A new contact: what is kept of what was typed, and what is refused."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import campaigns
from crm.models import Stage
from tests.cast import Cast
from tests.views.contacts.reading import add, named, text
from tests.views.visitor import Visitor

LONG = "x" * 300


def test_only_a_name_is_needed(alice: Visitor, cast: Cast) -> None:
    answer = alice.post("/contacts/new", data={"name": "  Grace   Hopper "})
    (grace,) = named(cast, "Grace Hopper")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/contacts/{grace.id}")
    assert grace.stage is Stage.LOCATED
    assert grace.owner_id == cast.alice.id


def test_everything_that_is_given_is_kept(alice: Visitor, cast: Cast, now: datetime) -> None:
    with transaction():
        water = campaigns.add(cast.workspace, {"name": "Water"}, now=now).id
    facts = {
        "name": "Grace Hopper",
        "organisation": "Navy",
        "title": "Rear admiral",
        "roles": ["supervisor", "practitioner"],
        "campaigns": [str(water)],
        "source": "Alumni group",
        "referred_by": "ada okafor",
        "email": "grace@example.com",
        "phone": "+1 555 0100",
        "in_field": "recently",
        "interest": "champion",
        "tags": "cobol, Navy, cobol",
        "linkedin_url": "linkedin.com/in/grace",
        "postal_address": "1 Quay\r\nArlington",
        "timezone": "America/New_York",
        "notes": "Knows everybody.",
    }
    assert alice.post("/contacts/new", data=facts).status_code == 303
    (grace,) = named(cast, "Grace Hopper")
    assert (grace.organisation and grace.organisation.name, grace.title) == ("Navy", "Rear admiral")
    assert (grace.roles, [campaign.id for campaign in grace.campaigns]) == (
        ("practitioner", "supervisor"),
        [water],
    )
    assert (grace.referred_by_id, grace.tag_names) == (cast.ada.id, ["cobol", "Navy"])
    assert (grace.linkedin_url, grace.postal_address) == (
        "https://linkedin.com/in/grace",
        "1 Quay\nArlington",
    )
    assert (grace.in_field, grace.interest, grace.timezone) == ("recently", "champion", "America/New_York")


def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(alice: Visitor, cast: Cast) -> None:
    typed = {"name": "", "email": "grace@", "title": "Admiral", "notes": "A note.", "linkedin_url": "ftp://x"}
    answer = alice.post("/contacts/new", data=typed)
    assert answer.status_code == 422
    for field in ("name", "email", "linkedin_url"):
        assert f'id="new-{field}-error"' in text(answer)
    for kept in ('value="grace@"', 'value="Admiral"', "A note."):
        assert kept in text(answer)
    assert re.search(r"<details[^>]* open", text(answer))


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", LONG),
        ("name", "\r\n\t"),
        ("organisation", LONG),
        ("timezone", "Mars/Olympus"),
        ("roles", "king"),
        ("in_field", "maybe"),
        ("interest", "none"),
        ("campaigns", "999999"),
        ("campaigns", "x"),
        ("campaigns", "9" * 18),
        ("referred_by", f"Ada Okafor (#{'9' * 18})"),
        ("tags", LONG),
        ("notes", "x" * 20_001),
        ("referred_by", "Nobody At All"),
        ("email", "a@b@c"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(alice: Visitor, cast: Cast, field: str, value: str) -> None:
    answer = alice.post("/contacts/new", data={"name": "Grace", field: value})
    assert answer.status_code == 422
    assert f'id="new-{field}-error"' in text(answer)
    assert not named(cast, "Grace")


@pytest.mark.parametrize(
    "name", ["x" * 200, "👩🏽‍🔬 Zoë", "محمد بن سلمى", '<script>alert("1")</script>', "O'Brien & =1+1"]
)
def test_odd_names_are_kept_and_shown_as_they_are(alice: Visitor, cast: Cast, name: str) -> None:
    alice.post("/contacts/new", data={"name": name})
    (contact,) = named(cast, name)
    page = text(alice.get(f"/contacts/{contact.id}"))
    assert "<script>alert" not in page
    assert alice.get("/board").status_code == alice.get("/contacts").status_code == 200


def test_the_same_form_sent_twice_adds_one(alice: Visitor, cast: Cast) -> None:
    for _ in range(2):
        answer = alice.post("/contacts/new", data={"name": "Grace", "email": "g@example.com"})
    (grace,) = named(cast, "Grace")
    assert answer.headers["Location"] == f"/contacts/{grace.id}"
    alice.post("/contacts/new", data={"name": "Grace", "email": "other@example.com"})
    assert len(named(cast, "Grace")) == 2


def test_a_new_contact_may_come_with_its_referrer_and_campaign(
    alice: Visitor, cast: Cast, now: datetime
) -> None:
    with transaction():
        water = campaigns.add(cast.workspace, {"name": "Water"}, now=now).id
    page = text(alice.get(f"/contacts/new?referrer={cast.ada.id}&campaign={water}&organisation=Navy"))
    assert 'value="Ada Okafor"' in page
    assert 'value="Navy"' in page
    assert re.search(rf'value="{water}"\s+checked', page)


def test_two_of_the_same_name_are_told_apart(alice: Visitor, cast: Cast, now: datetime) -> None:
    first, second = add(cast, "Grace", now).id, add(cast, "Grace", now).id
    answer = alice.post("/contacts/new", data={"name": "Hedy", "referred_by": "grace"})
    assert f"Grace (#{first}); Grace (#{second})" in text(answer)
    alice.post("/contacts/new", data={"name": "Hedy", "referred_by": f"Grace (#{second})"})
    assert named(cast, "Hedy")[0].referred_by_id == second


def test_an_unknown_referrer_hides_no_other_mistake(alice: Visitor) -> None:
    answer = alice.post("/contacts/new", data={"name": "", "referred_by": "Nobody"})
    for field in ("name", "referred_by"):
        assert f'id="new-{field}-error"' in text(answer)


def test_a_contact_of_somebody_else_is_nobodys_referrer(alice: Visitor, bob: Visitor, cast: Cast) -> None:
    answer = bob.post("/contacts/new", data={"name": "Hedy", "referred_by": f"Ada Okafor (#{cast.ada.id})"})
    assert answer.status_code == 422
    assert bob.get(f"/contacts/new?referrer={cast.ada.id}").status_code == 404


def test_names_are_suggested_while_one_types(alice: Visitor, bob: Visitor, cast: Cast, now: datetime) -> None:
    add(cast, "Grace, the second", now, organisation="Navy & Co")
    assert '<option value="Ada Okafor">' in text(alice.get("/suggest/people?referred_by=oka"))
    assert "Grace, the second, Navy &amp; Co" in text(alice.get("/suggest/people?referred_by=navy"))
    assert "Navy &amp; Co" in text(alice.get("/suggest/organisations?organisation=nav"))
    for address in (
        "/suggest/people?referred_by=a",
        "/suggest/organisations?organisation=n",
        "/suggest/people",
    ):
        assert "option" not in text(bob.get(address))
    answer = alice.post("/contacts/new", data={"name": "Hedy", "referred_by": "Grace, the second, Navy & Co"})
    assert answer.status_code == 303
