from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from crm.database import transaction
from crm.domain import health, rehearsals
from crm.domain.mail import Letterhead
from tests.api.caller import Caller, done, refused
from tests.cast import Cast
from tests.conftest import NOW

HOUSE = Letterhead("http://localhost:8000", "crm@example.net")


@pytest.fixture(autouse=True)
def present(cast: Cast) -> Iterator[datetime]:
    """Scheduler and worker have just been seen."""
    with time_machine.travel(NOW, tick=False):
        with transaction():
            for part in (health.WORKER, health.SCHEDULER):
                health.beat(part, "test", started_at=NOW, now=NOW)
        yield NOW


def test_it_says_whether_reminders_run_and_what_comes_next(alice: Caller, cast: Cast) -> None:
    told = done(alice.get("/health"))
    assert told["ok"]
    assert {part["name"] for part in told["parts"]} == {
        "database",
        "migrations",
        "broker",
        "worker",
        "scheduler",
        "due",
    }
    assert told["last_tick_at"] == "2026-03-10T09:00:00Z"
    assert (told["last_letter_at"], told["oldest_due_at"]) == (None, None)
    assert told["backlog"] == {"reminders": 0, "letters": 0}
    (coming,) = told["next"]
    assert (coming["kind"], coming["contact"]) == ("ask", str(cast.ada.id))
    assert coming["due_at"] == "2026-03-13T07:00:00Z"


def test_a_test_reminder_is_asked_for_and_watched(alice: Caller, bob: Caller) -> None:
    asked = done(alice.post("/rehearsals"), 201)
    path = f"/rehearsals/{asked['id']}"
    assert (asked["asked_at"], asked["final"], asked["letter"]) == ("2026-03-10T09:00:00Z", False, None)
    assert [step["state"] for step in asked["steps"]] == ["done", "waiting", *["later"] * 4]
    assert "on its way already" in refused(alice.post("/rehearsals"), 409)
    refused(bob.get(path), 404)
    with transaction():
        number = int(asked["id"])
        rehearsals.take(number, ticked_at=NOW, node="desk:7", house=HOUSE, now=NOW)
    watched = done(alice.get(path))
    # No mail leaves the tests' installation: the letter is kept, and that is the end.
    assert watched["final"]
    assert watched["letter"]
    states = {step["name"]: step["state"] for step in watched["steps"]}
    assert states == {
        "asked": "done",
        "ticked": "done",
        "taken": "done",
        "written": "done",
        "handed": "done",
        "answered": "later",
    }
