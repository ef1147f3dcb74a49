from __future__ import annotations

from crm.database import db, utcnow
from crm.models import Message, Rehearsal
from tests.api.caller import Caller, done, refused
from tests.cast import Cast
from workers.rehearsals import take, take_asked


def states(rehearsal: dict[str, object]) -> dict[str, str]:
    steps = rehearsal["steps"]
    assert isinstance(steps, list)
    return {step["name"]: step["state"] for step in steps}


def test_asking_for_a_test_reminder_writes_no_letter(alice: Caller) -> None:
    asked = done(alice.post("/rehearsals"), 201)
    assert (asked["final"], asked["letter"]) == (False, None)
    assert states(asked) == {
        "asked": "done",
        "ticked": "waiting",
        "taken": "later",
        "written": "later",
        "handed": "later",
        "answered": "later",
    }
    assert db.session.query(Message).count() == 0


def test_a_hint_brings_no_test_reminder_to_a_worker(alice: Caller) -> None:
    asked = done(alice.post("/rehearsals"), 201)
    assert take() == 0
    assert states(done(alice.get(f"/rehearsals/{asked['id']}")))["ticked"] == "waiting"


def test_a_tick_brings_it_to_a_worker_that_writes_the_letter(alice: Caller, cast: Cast) -> None:
    before = utcnow()
    asked = done(alice.post("/rehearsals"), 201)
    assert take_asked(before) == 0
    assert take_asked(utcnow()) == 1
    assert take_asked(utcnow()) == 0
    found = done(alice.get(f"/rehearsals/{asked['id']}"))
    walked = states(found)
    assert [walked[name] for name in ("asked", "ticked", "taken", "written")] == ["done"] * 4
    letter = done(alice.get(f"/messages/{found['letter']}"))
    assert (letter["kind"], letter["to"]) == ("test", "alice@example.org")


def test_one_test_reminder_is_under_way_at_a_time(alice: Caller, bob: Caller) -> None:
    done(alice.post("/rehearsals"), 201)
    assert "on its way already" in refused(alice.post("/rehearsals"), 409)
    done(bob.post("/rehearsals"), 201)
    assert db.session.query(Rehearsal).count() == 2


def test_a_test_reminder_is_its_users_alone(alice: Caller, bob: Caller) -> None:
    asked = done(alice.post("/rehearsals"), 201)
    refused(bob.get(f"/rehearsals/{asked['id']}"), 404)
