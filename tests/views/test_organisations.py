"""Organisations by their pages: found, added, changed in place."""

from __future__ import annotations

import pytest

from crm.database import db, transaction, utcnow
from crm.domain import contacts, organisations
from crm.models import Organisation
from tests.cast import Cast
from tests.views.visitor import Visitor


@pytest.fixture
def lab(cast: Cast) -> int:
    """Ada works at Kitsap Lab."""
    with transaction():
        ada = contacts.get(cast.workspace, cast.ada.id, lock=True)
        contacts.change(ada, {"organisation": "Kitsap Lab"}, by=cast.alice, now=utcnow())
        assert ada.organisation_id is not None
        return ada.organisation_id


def test_the_list_counts_people_and_is_searched(alice: Visitor, lab: int) -> None:
    assert '<td class="number" data-label="Contacts">1</td>' in alice.get("/organisations").get_data(
        as_text=True
    )
    assert "Kitsap Lab" in alice.get("/organisations?q=KITSAP").get_data(as_text=True)
    assert "None of that name" in alice.get("/organisations?q=harbour").get_data(as_text=True)


@pytest.mark.parametrize("start", ["-1", "x", "9" * 40, ""])
def test_odd_numbers_in_the_address_do_no_harm(alice: Visitor, lab: int, start: str) -> None:
    assert alice.get(f"/organisations?start={start}").status_code == 200


def test_many_of_them_stand_on_several_pages(cast: Cast, alice: Visitor) -> None:
    with transaction():
        for number in range(51):
            organisations.named(cast.workspace.id, f"Works {number:02}", now=utcnow())
    first = alice.get("/organisations?q=works").get_data(as_text=True)
    assert "Works 49" in first
    assert "Works 50" not in first
    assert 'href="/organisations?q=works&amp;start=50" rel="next"' in first
    assert "Works 50" in alice.get("/organisations?q=works&start=50").get_data(as_text=True)


def test_its_page_shows_its_people_and_the_way_to_another(alice: Visitor, cast: Cast, lab: int) -> None:
    page = alice.get(f"/organisations/{lab}").get_data(as_text=True)
    assert f'href="/contacts/{cast.ada.id}"' in page
    assert 'href="/contacts/new?organisation=Kitsap%20Lab"' in page


def test_facts_are_changed_in_place(alice: Visitor, lab: int) -> None:
    facts = {
        "name": "Kitsap Lab",
        "website": "kitsap.example",
        "phone": "+1 360 555 0100",
        "email": "hi@kitsap.example",
    }
    alice.post(f"/organisations/{lab}/edit", data=facts)
    page = alice.get(f"/organisations/{lab}").get_data(as_text=True)
    assert 'href="https://kitsap.example"' in page
    assert 'href="tel:+13605550100"' in page
    assert 'href="mailto:hi@kitsap.example"' in page


def test_what_does_not_fit_is_said_beside_its_field(alice: Visitor, lab: int) -> None:
    alice.post("/organisations/new", data={"name": "Harbour Works"})
    wrong = {"name": "harbour  works", "website": "ftp://harbour.example", "notes": "kept"}
    answer = alice.post(f"/organisations/{lab}/edit", data=wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This is not a web address." in page
    assert "kept" in page
    answer = alice.post(f"/organisations/{lab}/edit", data={"name": "harbour  works"})
    assert "Another organisation has this name already." in answer.get_data(as_text=True)


def test_an_employer_is_added_before_anybody_there_is_known(cast: Cast, alice: Visitor) -> None:
    answer = alice.post("/organisations/new", data={"name": "Harbour Works"})
    assert "You know nobody here yet." in alice.get(answer.headers["Location"]).get_data(as_text=True)
    again = alice.post("/organisations/new", data={"name": "HARBOUR works"})
    assert again.status_code == 422
    assert "There is an organisation of this name already." in again.get_data(as_text=True)
    db.session.rollback()
    assert db.session.query(Organisation).count() == 1
