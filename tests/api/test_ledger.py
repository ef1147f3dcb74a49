from __future__ import annotations

from crm.database import transaction
from crm.domain import contacts, reminders
from crm.models import Kind
from tests.api.caller import Caller, done, refused
from tests.cast import Cast
from tests.conftest import NOW


def test_a_promise_is_shown_with_its_steps(alice: Caller, cast: Cast) -> None:
    (entry,) = done(alice.get("/ledger"))["items"]
    assert entry["contact"] == str(cast.ada.id)
    assert (entry["kind"], entry["state"], entry["ended_at"]) == ("ask", "pending", None)
    (step,) = entry["steps"]
    assert step == {
        "name": "once",
        "due_at": "2026-03-13T07:00:00Z",
        "fate": "coming",
        "in_bell_at": None,
        "letter": None,
        "letter_state": None,
        "sent_at": None,
    }


def test_promises_are_narrowed_and_read_in_pages(alice: Caller, bob: Caller, cast: Cast) -> None:
    with transaction():
        contacts.add(cast.workspace, {"name": "Ida Moe"}, by=cast.alice, now=NOW)
        reminders.done(reminders.open_of(cast.ada, [Kind.ASK])[0], now=NOW)
    first = done(alice.get("/ledger?limit=1"))
    rest = done(alice.get(f"/ledger?limit=1&cursor={first['next']}"))
    assert [one["state"] for one in first["items"] + rest["items"]] == ["pending", "done"]
    assert rest["next"] is None
    (ended,) = done(alice.get("/ledger?state=done&kind=ask"))["items"]
    assert ended["ended_at"] == "2026-03-10T09:00:00Z"
    refused(alice.get("/ledger?kind=postcard"), 422, "kind")
    assert done(bob.get("/ledger"))["items"] == []
