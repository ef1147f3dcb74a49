"""The pages of lists: reported on, taken back, thrown away, failed."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from sqlalchemy import func, select

from crm.database import db, transaction, utcnow
from crm.domain import health, transfers
from crm.models import Contact, ImportFile
from tests.views import lists
from tests.views.visitor import Visitor
from workers.transfers import run


def test_the_report_is_a_file_that_no_spreadsheet_runs(alice: Visitor) -> None:
    address = lists.draft(alice, b"Name,E-mail\n=cmd(),=1+1@x\nBo,bo@example.org\n")
    alice.post(f"{address}/confirm", data={"column-0": "name", "column-1": "email"})
    run()
    answer = alice.get(f"{address}/report.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=import-")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["line", "2"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_an_import_is_undone_as_a_whole(alice: Visitor) -> None:
    address = lists.draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name", "column-2": "organisation"})
    run()
    for _ in range(2):
        assert alice.post(f"{address}/undo").status_code == 303
    page = lists.page(alice, address)
    assert "The 2 people that it had added are in the" in page
    assert "Undo the whole import" not in page
    alive = select(Contact.name).where(Contact.deleted_at.is_(None))
    assert db.session.scalars(alive).all() == ["Ada Okafor"]


def test_an_import_is_stopped_and_undone_while_it_waits(alice: Visitor) -> None:
    address = lists.draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name"})
    alice.post(f"{address}/undo")
    assert run() == 0
    assert "It had changed nothing." in lists.page(alice, address)


def test_a_draft_is_thrown_away_with_its_list(alice: Visitor) -> None:
    address = lists.draft(alice)
    assert alice.post(f"{address}/discard").headers["Location"] == "/imports/new"
    assert alice.get(address).status_code == 404
    assert db.session.scalars(select(func.count()).select_from(ImportFile)).one() == 0


def test_what_is_loaded_is_not_thrown_away_nor_read_anew(alice: Visitor) -> None:
    address = lists.draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name"})
    assert alice.post(f"{address}/discard").status_code == 409
    assert alice.post(f"{address}/columns", data={"column-0": "title"}).status_code == 409


def test_without_a_worker_the_page_says_what_it_waits_for(alice: Visitor) -> None:
    address = lists.draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name"})
    assert "This import waits for the worker." in lists.page(alice, address)
    with transaction():
        for part in (health.WORKER, health.SCHEDULER):
            health.beat(part, "here", started_at=utcnow(), now=utcnow())
    page = lists.page(alice, address)
    assert "This import waits for the worker." not in page
    assert 'hx-trigger="every 1s"' in page


def test_polling_ends_with_the_import(alice: Visitor) -> None:
    address = lists.draft(alice)
    alice.post(f"{address}/confirm", data={"column-0": "name"})
    run()
    assert "every 1s" not in lists.page(alice, address)


def test_a_failed_import_says_why(alice: Visitor, now: datetime) -> None:
    address = lists.draft(alice)
    with transaction():
        transfers.fail(lists.only(), "The uploaded file is no longer there. Upload it again.", now=now)
    assert "The uploaded file is no longer there." in lists.page(alice, address)


def test_older_imports_are_on_the_next_page(alice: Visitor) -> None:
    for _ in range(32):
        lists.draft(alice)
    page = lists.page(alice, "/imports")
    assert page.count('id="import-') == 30
    assert 'href="/imports?before=3"' in page
    assert lists.page(alice, "/imports?before=3").count('id="import-') == 2
    assert "No older lists" in lists.page(alice, "/imports?before=1")
