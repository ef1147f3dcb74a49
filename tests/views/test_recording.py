"""That a talk took place, its real end and its notes, by the pages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from crm.database import utcnow
from crm.models import InterviewState, Stage
from tests.cast import Cast
from tests.views.dates import STOCKHOLM, page_after, plan, planned
from tests.views.visitor import Visitor


@pytest.fixture
def ada(cast: Cast) -> int:
    """Ada's number."""
    return cast.ada.id


def record(alice: Visitor, ended_at: datetime, notes: str = "") -> TestResponse:
    wall = f"{ended_at.astimezone(STOCKHOLM):%Y-%m-%dT%H:%M}"
    here = f"/interviews/{planned().id}/complete"
    return alice.post(here, data={"ended_at": wall, "notes": notes})


def test_recording_it_starts_the_clock_for_the_thanks(alice: Visitor, ada: int) -> None:
    plan(alice, ada, day="2026-03-02")
    page = page_after(alice, record(alice, utcnow() - timedelta(hours=6), "Read the plant’s annual report."))
    assert "Ada is interviewed. Say thank you by" in page
    assert "18 hours left to say thank you" in page
    assert "Read the plant’s annual report." in page
    assert planned().contact.stage is Stage.INTERVIEWED


def test_recording_it_by_mistake_is_undone(alice: Visitor, ada: int) -> None:
    plan(alice, ada)
    page = page_after(alice, record(alice, utcnow()))
    undo = page.split('action="/contacts/')[1].split('"')[0]
    alice.post(f"/contacts/{undo}")
    assert planned().state is InterviewState.PLANNED
    assert planned().contact.stage is Stage.AGREED


def test_a_talk_does_not_end_in_the_future(alice: Visitor, ada: int) -> None:
    plan(alice, ada)
    answer = record(alice, utcnow() + timedelta(hours=3), "kept")
    assert answer.status_code == 422
    assert "This lies in the future" in answer.get_data(as_text=True)
    assert ">kept</textarea>" in answer.get_data(as_text=True).replace("\r\n", "")


def test_notes_are_written_in_place(alice: Visitor, ada: int) -> None:
    plan(alice, ada)
    here = f"/interviews/{planned().id}"
    assert "<textarea" in alice.get(f"{here}/notes").get_data(as_text=True)
    assert "Ask about shifts" in page_after(
        alice, alice.post(f"{here}/notes", data={"notes": "Ask about shifts"})
    )
    answer = alice.post(f"{here}/notes", data={"notes": "x" * 20_001})
    assert answer.status_code == 422
    assert "This is too long" in answer.get_data(as_text=True)


def test_a_talk_that_was_called_off_has_no_form_for_its_end(alice: Visitor, ada: int) -> None:
    plan(alice, ada)
    here = f"/interviews/{planned().id}"
    alice.post(f"{here}/cancel")
    for page in ("edit", "complete"):
        assert alice.get(f"{here}/{page}").headers["Location"] == here
    assert record(alice, utcnow()).status_code == 409
