from __future__ import annotations

from typing import Any

from tests.api.caller import Caller, done, refused
from tests.api.test_interviews import soon
from tests.cast import Cast


def only(caller: Caller, query: str = "") -> dict[str, Any]:
    (reminder,) = done(caller.get(f"/reminders{query}"))["items"]
    found: dict[str, Any] = reminder
    return found


def test_what_is_promised_is_listed(alice: Caller, cast: Cast) -> None:
    reminder = only(alice, "?state=pending")
    assert reminder["kind"] == "ask"
    assert reminder["contact"] == str(cast.ada.id)
    assert reminder["due_at"].endswith("Z")
    assert done(alice.get("/reminders?state=done"))["items"] == []
    assert done(alice.get("/reminders?contact=abc"))["items"] == []
    refused(alice.get("/reminders?state=late"), 422, "state")


def test_a_promise_is_put_off(alice: Caller, cast: Cast) -> None:
    path = f"/reminders/{only(alice)['id']}/snooze"
    until = soon(days=2)
    put_off = done(alice.post(path, {"until": until}))
    assert (put_off["due_at"], put_off["state"]) == (until, "snoozed")
    assert only(alice, "?state=snoozed") == put_off
    for wrong in (soon(days=-1), soon(days=400), "tomorrow", None):
        refused(alice.post(path, {"until": wrong}), 422, "until")
    refused(alice.post(path), 422, "until")


def test_what_is_done_is_done_and_not_put_off(alice: Caller, cast: Cast) -> None:
    path = f"/reminders/{only(alice)['id']}"
    finished = done(alice.post(f"{path}/done"))
    assert finished["state"] == "done"
    assert done(alice.post(f"{path}/done")) == finished
    refused(alice.post(f"{path}/snooze", {"until": soon(days=2)}), 409)


def test_promises_come_in_pages_as_they_come_due(alice: Caller, cast: Cast) -> None:
    for _ in range(3):
        alice.contact()
    first = done(alice.get("/reminders?limit=3"))
    rest = done(alice.get(f"/reminders?limit=3&cursor={first['next']}"))
    due = [reminder["due_at"] for reminder in first["items"] + rest["items"]]
    assert len(due) == 4
    assert due == sorted(due)
