from __future__ import annotations

from crm.database import transaction
from tests.api.caller import Caller, done, refused
from tests.cast import Cast
from tests.conftest import NOW
from tests.views.things import gather, news


def test_a_promise_is_shown_with_what_became_of_its_steps(alice: Caller, cast: Cast) -> None:
    with transaction():
        reminder_id = gather(cast, NOW).reminder_id
        key = f"reminder {reminder_id} step 0 at_once once"
        news(cast, NOW, reminder_id=reminder_id, dedupe_key=key)
    entries = done(alice.get("/ledger"))["items"]
    (entry,) = [entry for entry in entries if entry["id"] == str(reminder_id)]
    assert entry["contact"] == str(cast.ada.id)
    told = [step for step in entry["steps"] if step["in_bell_at"] is not None]
    assert [(step["name"], step["fate"]) for step in told] == [("at_once", "bell")]


def test_promises_are_found_by_state_and_kind_page_by_page(alice: Caller, cast: Cast) -> None:
    with transaction():
        gather(cast, NOW)
    every = done(alice.get("/ledger"))["items"]
    kind = every[0]["kind"]
    of_kind = done(alice.get(f"/ledger?kind={kind}"))["items"]
    assert of_kind == [entry for entry in every if entry["kind"] == kind]
    assert done(alice.get("/ledger?state=done"))["items"] == []
    refused(alice.get("/ledger?state=lost"), 422, "state")
    first = done(alice.get("/ledger?limit=1"))
    rest = done(alice.get(f"/ledger?limit=200&cursor={first['next']}"))
    assert [*first["items"], *rest["items"]] == every


def test_the_ledger_holds_nothing_of_another_workspace(alice: Caller, bob: Caller, cast: Cast) -> None:
    with transaction():
        gather(cast, NOW)
    assert done(alice.get("/ledger"))["items"]
    assert done(bob.get("/ledger")) == {"items": [], "next": None}


def test_how_reminders_run_is_told_to_each_of_their_own(alice: Caller, bob: Caller, cast: Cast) -> None:
    with transaction():
        gather(cast, NOW)
    mine, theirs = done(alice.get("/health")), done(bob.get("/health"))
    assert mine["oldest_due_at"] is not None or mine["next"]
    assert (theirs["oldest_due_at"], theirs["next"]) == (None, [])
    assert theirs["backlog"] == {"reminders": 0, "letters": 0}
