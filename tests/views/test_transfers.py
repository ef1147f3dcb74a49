"""The pages of lists: uploaded, looked at, confirmed, watched, taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from crm.database import db, transaction, utcnow
from crm.domain import campaigns
from crm.models import Contact, Import, ImportState
from tests.cast import Cast
from tests.views import lists
from tests.views.lists import CHAMBER, LIST
from tests.views.visitor import Visitor
from workers.transfers import run


def test_an_empty_list_of_imports_says_what_to_do(alice: Visitor) -> None:
    page = lists.page(alice, "/imports")
    assert "No list yet" in page
    assert 'href="/imports/new"' in page


def test_an_upload_is_shown_before_anything_is_written(alice: Visitor) -> None:
    before = lists.people()
    page = lists.page(alice, lists.draft(alice))
    assert "2 people in 2 rows" in page
    assert "grace@example.org" in page
    assert "Ek Foods" in page
    assert "Import 2 people" in page
    assert (lists.only().state, lists.people()) == (ImportState.DRAFT, before)


def test_a_confirmed_list_is_loaded_and_reported_in_words(alice: Visitor, cast: Cast) -> None:
    with transaction():
        water = campaigns.add(cast.workspace, {"name": "Water"}, now=utcnow())
        chosen = str(water.id)
    address = lists.draft(alice, LIST + b"Bad,not an address,,\n", campaign=chosen, source="Alumni group")
    answer = alice.post(f"{address}/confirm", data={"column-0": "name", "column-1": "email"})
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert "Waiting for its turn" in lists.page(alice, address)
    run()
    page = lists.page(alice, address)
    assert "2 people were added" in page
    assert "Grace Ek" in page
    assert "1 row could not be read" in page
    assert "“not an address” is not an e-mail address." in page
    grace = db.session.scalars(select(Contact).where(Contact.name == "Grace Ek")).one()
    # Nobody said what the third column holds.
    assert (grace.organisation, grace.source) == (None, "Alumni group")
    assert [one.id for one in campaigns.people(db.session.merge(water))]
    assert "people.csv" in lists.page(alice, "/imports")


def test_another_meaning_of_a_column_is_tried_at_once(alice: Visitor) -> None:
    address = lists.draft(alice)
    answer = alice.post(f"{address}/columns", data={"column-0": "organisation", "column-1": "email"})
    assert answer.status_code == 303
    assert lists.only().mapping == {"0": "organisation", "1": "email"}
    assert '<option value="organisation" selected>' in lists.page(alice, address)


def test_a_list_in_which_nobody_is_named_is_not_confirmed(alice: Visitor) -> None:
    address = lists.draft(alice)
    alice.post(f"{address}/columns", data={"column-3": "phone"})
    assert "0 people in 2 rows" in lists.page(alice, address)
    answer = alice.post(f"{address}/confirm", data={"column-3": "phone"})
    assert answer.status_code == 422
    assert "Say which column holds the names" in answer.get_data(as_text=True)
    assert lists.only().state is ImportState.DRAFT


def test_a_column_cannot_mean_what_there_is_not(alice: Visitor) -> None:
    address = lists.draft(alice)
    for field in ({"column-0": "password"}, {"column-x": "name"}, {"column--1": "name"}):
        answer = alice.post(f"{address}/columns", data=field)
        assert answer.status_code in (303, 422)
    assert alice.get(address).status_code == 200


def test_pressing_twice_imports_once(alice: Visitor) -> None:
    address = lists.draft(alice)
    for _ in range(2):
        assert alice.post(f"{address}/confirm", data={"column-0": "name"}).status_code == 303
    run()
    before = lists.people()
    assert alice.post(f"{address}/confirm", data={"column-0": "name"}).status_code == 303
    assert run() == 0
    assert lists.people() == before


def test_pasted_lines_are_a_list(alice: Visitor) -> None:
    answer = alice.post("/imports", data={"text": "Grace Ek, Chemist, Ek Foods, grace@example.org\n"})
    page = lists.page(alice, answer.headers["Location"])
    assert "1 person in 1 row" in page
    assert lists.only().filename == "pasted text"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose a file, or paste some lines below."),
        ({"text": "x", "campaign": "999"}, "Choose among your own campaigns."),
        ({"text": "x", "source": "y" * 201}, "This is too long"),
        ({"text": "%PDF-1.7 <b>Grace</b>"}, "This is a PDF, not a list."),
        ({"text": "Grace\n" * 60_000}, "At most 300,000 characters can be pasted."),
    ],
)
def test_what_was_typed_is_kept_beside_the_sentence(
    alice: Visitor, typed: dict[str, str], sentence: str
) -> None:
    answer = alice.post("/imports", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert typed.get("text", "").replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in page
    assert db.session.scalars(select(func.count()).select_from(Import)).one() == 0


def test_a_file_and_a_text_at_once_lose_nothing(alice: Visitor) -> None:
    answer = lists.upload(alice, LIST, text="Grace Ek, Ek Foods")
    assert answer.status_code == 422
    assert "Either a file or a text" in answer.get_data(as_text=True)
    assert "Grace Ek, Ek Foods" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"PK\x03\x04rest", "people.csv", "This is a ZIP file renamed to .csv."),
        (b"", "people.csv", "This file is empty."),
        (b"\x89PNG\r\n", "people.csv", "This is a picture, not a list."),
    ],
)
def test_what_is_no_list_is_refused_beside_the_file(
    alice: Visitor, content: bytes, name: str, sentence: str
) -> None:
    answer = lists.upload(alice, content, name)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_what_is_too_large_is_refused_with_a_sentence(alice: Visitor) -> None:
    answer = lists.upload_at_length(alice, 16 * 1024 * 1024 + 1)
    assert answer.status_code == 422
    assert "This file is larger than 16 MB" in answer.get_data(as_text=True)
    answer = lists.upload_at_length(alice, 17 * 1024 * 1024)
    assert answer.status_code == 413
    assert "At most 16 MB can be sent at once." in answer.get_data(as_text=True)


def test_the_name_of_a_file_is_text_and_nothing_else(alice: Visitor) -> None:
    page = lists.page(alice, _draft_named(alice, '../../<script>x</script>"\r\nSet-Cookie: a=b.csv'))
    assert "<script>x" not in page
    assert "/" not in lists.only().filename
    assert "\n" not in lists.only().filename


def _draft_named(visitor: Visitor, name: str) -> str:
    return str(lists.upload(visitor, LIST, name).headers["Location"])


def test_a_list_without_known_headings_shows_its_samples(alice: Visitor) -> None:
    page = lists.page(alice, lists.draft(alice, CHAMBER.encode()))
    assert "Member list" in page
    assert "Ek Foods · Berg Bakery" in page
    assert "1 person and 1 organisation without a person" in page
