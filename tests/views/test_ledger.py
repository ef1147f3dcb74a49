"""The page of promises, and the table to take along."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crm.database import transaction
from crm.domain import contacts, reminders
from crm.domain.reminders import writing
from crm.models import Kind
from tests.cast import Cast
from tests.views.things import HOUSE
from tests.views.visitor import Visitor

pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def reminded(cast: Cast, now: datetime) -> None:
    """Ada's ask came due, and its letter waits."""
    with transaction():
        (reminder,) = reminders.open_of(cast.ada, [Kind.ASK])
        at = now - timedelta(minutes=1)
        reminder.steps, reminder.due_at = [["once", at.isoformat()]], at
    with transaction():
        writing.write_due(house=HOUSE, now=now)


def test_it_says_what_became_of_a_promise(alice: Visitor, reminded: None) -> None:
    page = alice.get("/ledger").text
    assert "Ask Ada Okafor for a talk" in page
    assert "letter kept, not sent" in page
    assert "Reminded" in page
    assert 'href="/ledger"' in alice.get("/due").text
    assert 'href="/ledger"' in alice.get("/health").text


def test_it_is_narrowed_by_state_and_kind(alice: Visitor, cast: Cast) -> None:
    for query in ("state=pending", "kind=ask", "state=nonsense&kind=postcard", "before=abc"):
        assert "Ask Ada Okafor for a talk" in alice.get(f"/ledger?{query}").text, query
    assert "No such promises" in alice.get("/ledger?state=done").text
    assert "No such promises" in alice.get("/ledger?kind=thank_you").text


def test_a_long_list_goes_on_where_it_ended(alice: Visitor, cast: Cast, now: datetime) -> None:
    with transaction():
        for number in range(51):
            contacts.add(cast.workspace, {"name": f"Ida {number}"}, by=cast.alice, now=now)
    first = alice.get("/ledger").text
    assert "Ida 50" in first
    assert "Ask Ada Okafor" not in first
    last = alice.get(first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0])
    assert "Ask Ada Okafor" in last.text
    assert 'rel="next"' not in last.text


def test_nothing_promised_yet_is_no_empty_table(bob: Visitor) -> None:
    assert "No promises yet" in bob.get("/ledger").text


def test_it_is_taken_along_as_a_table(alice: Visitor, bob: Visitor, reminded: None) -> None:
    answer = alice.get("/ledger.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=promises.csv"
    assert answer.text.startswith("\ufeffpromise,contact,kind,")
    assert "Ada Okafor,ask," in answer.text
    assert "Ada Okafor" not in bob.get("/ledger.csv").text
