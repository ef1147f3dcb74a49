"""The pages of lists: uploaded, looked at, confirmed, watched, taken back."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from crm.database import db, transaction, utcnow
from crm.domain import campaigns, health, transfers
from crm.models import Contact, Import, ImportFile, ImportState
from tests.cast import Cast
from tests.views.visitor import Visitor
from workers.transfers import run

LIST = b"Name,E-mail,Company,Room\nGrace Ek,grace@example.org,Ek Foods,12\nAlan Berg,alan@example.org,,14\n"
CHAMBER = "Member Business;Primary Rep.;Town\nEk Foods;Grace Ek;Town\nBerg Bakery;TBD;Town\n"


def _upload(visitor: Visitor, content: bytes, name: str = "people.csv", **more: str) -> TestResponse:
    return visitor.post("/imports", data={"file": (io.BytesIO(content), name), **more})


def _upload_at_length(visitor: Visitor, length: int) -> TestResponse:
    """A body written by hand: the test client keeps long ones in files that it doesn't close."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n\r\n'
    return visitor.post(
        "/imports",
        data=head + b"a" * length + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def _draft(visitor: Visitor, content: bytes = LIST, **more: str) -> str:
    answer = _upload(visitor, content, **more)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def _page(visitor: Visitor, address: str) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def _only() -> Import:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Import)).one()


def _people() -> int:
    return db.session.scalars(select(func.count()).select_from(Contact)).one()


def test_an_empty_list_of_imports_says_what_to_do(alice: Visitor) -> None:
    page = _page(alice, "/imports")
    assert "No list yet" in page
    assert 'href="/imports/new"' in page


def test_an_upload_is_shown_before_anything_is_written(alice: Visitor) -> None:
    before = _people()
    page = _page(alice, _draft(alice))
    assert "2 people in 2 rows" in page
    assert "grace@example.org" in page
    assert "Ek Foods" in page
    assert "Import 2 people" in page
    assert (_only().state, _people()) == (ImportState.DRAFT, before)


def test_a_confirmed_list_is_loaded_and_reported_in_words(alice: Visitor, cast: Cast) -> None:
    with transaction():
        water = campaigns.add(cast.workspace, {"name": "Water"}, now=utcnow())
        chosen = str(water.id)
    address = _draft(alice, LIST + b"Bad,not an address,,\n", campaign=chosen, source="Alumni group")
    answer = alice.post(f"{address}/confirm", data={"column-0": "name", "column-1": "email"})
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert "Waiting for its turn" in _page(alice, address)
    run()
    page = _page(alice, address)
    assert "2 people were added" in page
    assert "Grace Ek" in page
    assert "1 row could not be read" in page
    assert "“not an address” is not an e-mail address." in page
    grace = db.session.scalars(select(Contact).where(Contact.name == "Grace Ek")).one()
    # Nobody said what the third column holds.
    assert (grace.organisation, grace.source) == (None, "Alumni group")
    assert [one.id for one in campaigns.people(db.session.merge(water))]
    assert "people.csv" in _page(alice, "/imports")


def test_another_meaning_of_a_column_is_tried_at_once(alice: Visitor) -> None:
    address = _draft(alice)
    answer = alice.post(f"{address}/columns", data={"column-0": "organisation", "column-1": "email"})
    assert answer.status_code == 303
    assert _only().mapping == {"0": "organisation", "1": "email"}
    assert '<option value="organisation" selected>' in _page(alice, address)


def test_a_list_in_which_nobody_is_named_is_not_confirmed(alice: Visitor) -> None:
    address = _draft(alice)
    alice.post(f"{address}/columns", data={"column-3": "phone"})
    assert "0 people in 2 rows" in _page(alice, address)
    answer = alice.post(f"{address}/confirm", data={"column-3": "phone"})
    assert answer.status_code == 422
    assert "Say which column holds the names" in answer.get_data(as_text=True)
    assert _only().state is ImportState.DRAFT


def test_a_column_cannot_mean_what_there_is_not(alice: Visitor) -> None:
    address = _draft(alice)
    for field in ({"column-0": "password"}, {"column-x": "name"}, {"column--1": "name"}):
        answer = alice.post(f"{address}/columns", data=field)
        assert answer.status_code in (303, 422)
    assert alice.get(address).status_code == 200


def test_pressing_twice_imports_once(alice: Visitor) -> None:
    address = _draft(alice)
    for _ in range(2):
        assert alice.post(f"{address}/confirm", data={"column-0": "name"}).status_code == 303
    run()
    before = _people()
    assert alice.post(f"{address}/confirm", data={"column-0": "name"}).status_code == 303
    assert run() == 0
    assert _people() == before


def test_pasted_lines_are_a_list(alice: Visitor) -> None:
    answer = alice.post("/imports", data={"text": "Grace Ek, Chemist, Ek Foods, grace@example.org\n"})
    page = _page(alice, answer.headers["Location"])
    assert "1 person in 1 row" in page
    assert _only().filename == "pasted text"


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
    answer = _upload(alice, LIST, text="Grace Ek, Ek Foods")
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
    answer = _upload(alice, content, name)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_what_is_too_large_is_refused_with_a_sentence(alice: Visitor) -> None:
    answer = _upload_at_length(alice, 16 * 1024 * 1024 + 1)
    assert answer.status_code == 422
    assert "This file is larger than 16 MB" in answer.get_data(as_text=True)
    answer = _upload_at_length(alice, 17 * 1024 * 1024)
    assert answer.status_code == 413
    assert "At most 16 MB can be sent at once." in answer.get_data(as_text=True)


def test_the_name_of_a_file_is_text_and_nothing_else(alice: Visitor) -> None:
    page = _page(alice, _draft_named(alice, '../../<script>x</script>"\r\nSet-Cookie: a=b.csv'))
    assert "<script>x" not in page
    assert "/" not in _only().filename
    assert "\n" not in _only().filename


def _draft_named(visitor: Visitor, name: str) -> str:
    return str(_upload(visitor, LIST, name).headers["Location"])


def test_a_list_without_known_headings_shows_its_samples(alice: Visitor) -> None:
    page = _page(alice, _draft(alice, CHAMBER.encode()))
    assert "Member list" in page
    assert "Ek Foods · Berg Bakery" in page
    assert "1 person and 1 organisation without a person" in page


def test_the_report_is_a_file_that_no_spreadsheet_runs(alice: Visitor) -> None:
    address = _draft(alice, b"Name,E-mail\n=cmd(),=1+1@x\nBo,bo@example.org\n")
    alice.post(f"{address}/confirm", data={"column-0": "name", "column-1": "email"})
    run()
    answer = alice.get(f"{address}/report.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=import-")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["line", "2"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_an_import_is_undone_as_a_whole(alice: Visitor) -> None:
    address = _draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name", "column-2": "organisation"})
    run()
    for _ in range(2):
        assert alice.post(f"{address}/undo").status_code == 303
    page = _page(alice, address)
    assert "The 2 people that it had added are in the" in page
    assert "Undo the whole import" not in page
    alive = select(Contact.name).where(Contact.deleted_at.is_(None))
    assert db.session.scalars(alive).all() == ["Ada Okafor"]


def test_an_import_is_stopped_and_undone_while_it_waits(alice: Visitor) -> None:
    address = _draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name"})
    alice.post(f"{address}/undo")
    assert run() == 0
    assert "It had changed nothing." in _page(alice, address)


def test_a_draft_is_thrown_away_with_its_list(alice: Visitor) -> None:
    address = _draft(alice)
    assert alice.post(f"{address}/discard").headers["Location"] == "/imports/new"
    assert alice.get(address).status_code == 404
    assert db.session.scalars(select(func.count()).select_from(ImportFile)).one() == 0


def test_what_is_loaded_is_not_thrown_away_nor_read_anew(alice: Visitor) -> None:
    address = _draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name"})
    assert alice.post(f"{address}/discard").status_code == 409
    assert alice.post(f"{address}/columns", data={"column-0": "title"}).status_code == 409


def test_without_a_worker_the_page_says_what_it_waits_for(alice: Visitor) -> None:
    address = _draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name"})
    assert "This import waits for the worker." in _page(alice, address)
    with transaction():
        for part in (health.WORKER, health.SCHEDULER):
            health.beat(part, "here", started_at=utcnow(), now=utcnow())
    page = _page(alice, address)
    assert "This import waits for the worker." not in page
    assert 'hx-trigger="every 1s"' in page


def test_polling_ends_with_the_import(alice: Visitor) -> None:
    address = _draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name"})
    run()
    assert "every 1s" not in _page(alice, address)


def test_a_failed_import_says_why(alice: Visitor, now: datetime) -> None:
    address = _draft(alice)
    with transaction():
        transfers.fail(_only(), "The uploaded file is no longer there. Upload it again.", now=now)
    assert "The uploaded file is no longer there." in _page(alice, address)


def test_older_imports_are_on_the_next_page(alice: Visitor) -> None:
    for _ in range(32):
        _draft(alice)
    page = _page(alice, "/imports")
    assert page.count('id="import-') == 30
    assert 'href="/imports?before=3"' in page
    assert _page(alice, "/imports?before=3").count('id="import-') == 2
    assert "No older lists" in _page(alice, "/imports?before=1")
