"""Campaigns by their pages: started, seen, changed, put away and brought back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.database import db, transaction, utcnow
from crm.domain import campaigns, contacts, pipeline
from crm.models import Campaign, Stage
from tests.cast import Cast
from tests.views.visitor import Visitor


@pytest.fixture
def water(cast: Cast) -> int:
    """Ada works in water treatment, and there is nobody else."""
    with transaction():
        campaign = campaigns.add(cast.workspace, {"name": "Water treatment"}, now=utcnow())
        ada = contacts.get(cast.workspace, cast.ada.id, lock=True)
        facts = {"campaigns": [campaign.id], "roles": ["supervisor"], "organisation": "Kitsap Lab"}
        contacts.change(ada, facts, by=cast.alice, now=utcnow())
        return campaign.id


def test_the_first_page_says_what_a_campaign_is(cast: Cast, alice: Visitor) -> None:
    assert "Which field are you curious about?" in alice.get("/campaigns").get_data(as_text=True)


def test_a_field_is_started_once_however_often_it_is_sent(cast: Cast, alice: Visitor) -> None:
    places = {
        alice.post("/campaigns/new", data={"name": name, "purpose": "Why?"}).headers["Location"]
        for name in ("Water treatment", " WATER  treatment")
    }
    assert len(places) == 1
    assert "You explore this field already" in alice.get(places.pop()).get_data(as_text=True)


def test_coverage_says_what_is_missing_and_who_could(alice: Visitor, cast: Cast, water: int) -> None:
    page = alice.get(f"/campaigns/{water}").get_data(as_text=True)
    assert "0 of 3 talks" in page
    assert "Whom to ask next" in page
    assert "Is a supervisor. Would add Kitsap Lab as another organisation." in page
    with transaction():
        ada = contacts.get(cast.workspace, cast.ada.id, lock=True)
        pipeline.move(ada, Stage.INTERVIEWED, by=cast.alice, now=utcnow())
    page = alice.get(f"/campaigns/{water}").get_data(as_text=True)
    assert "1 of 3 talks" in page
    assert "1 of 2 organisations" in page
    assert "1 of 3 talks, 1 of 2 organisations, 1 contact" in alice.get("/campaigns").get_data(as_text=True)


def test_name_and_purpose_are_changed_in_place(alice: Visitor, water: int) -> None:
    here = f"/campaigns/{water}"
    assert 'value="Water treatment"' in alice.get(f"{here}/edit").get_data(as_text=True)
    alice.post(f"{here}/edit", data={"name": "Clean water", "purpose": "Is it for me?"})
    page = alice.get(here).get_data(as_text=True)
    assert "Clean water" in page
    assert "Is it for me?" in page


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_a_name_that_does_not_fit_is_said_beside_it(alice: Visitor, water: int, name: str) -> None:
    for address in ("/campaigns/new", f"/campaigns/{water}/edit"):
        answer = alice.post(address, data={"name": name, "purpose": "kept"})
        assert answer.status_code == 422
        assert "kept" in answer.get_data(as_text=True)


def test_put_away_it_can_be_brought_back_and_the_contacts_stay(
    cast: Cast, alice: Visitor, bob: Visitor, water: int
) -> None:
    assert alice.post(f"/campaigns/{water}/remove").headers["Location"] == "/campaigns"
    page = alice.get("/campaigns").get_data(as_text=True)
    assert "Water treatment is put away; its contacts stay." in page
    assert f'action="/campaigns/{water}/restore"' in page
    assert alice.get(f"/campaigns/{water}").status_code == 404
    assert bob.post(f"/campaigns/{water}/restore").status_code == 404
    assert alice.post(f"/campaigns/{water}/restore").status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Campaign.deleted_at)).one() is None
