from __future__ import annotations

from datetime import timedelta

import pytest

from crm.database import utcnow
from tests.api.caller import Caller, done, refused
from tests.api.test_stages import move, open_reminders


def test_what_happened_is_logged(alice: Caller) -> None:
    path = f"/contacts/{alice.contact()['id']}"
    at = "2026-03-01T12:30:00+02:00"
    body = {"kind": "call", "direction": "in", "at": at, "text": "Back on\r\nMonday"}
    logged = done(alice.post(f"{path}/activities", body), 201)
    assert {**logged, "id": ""} == {
        "id": "",
        "kind": "call",
        "direction": "in",
        "at": "2026-03-01T10:30:00Z",
        "text": "Back on\nMonday",
    }
    assert logged in done(alice.get(f"{path}/timeline"))["items"]


def test_a_touch_goes_out_and_happened_now_unless_it_says_otherwise(alice: Caller) -> None:
    before = utcnow().isoformat()
    logged = done(alice.post(f"/contacts/{alice.contact()['id']}/activities", {"kind": "message"}), 201)
    assert logged["direction"] == "out"
    assert logged["id"].isdigit()
    assert logged["text"] == ""
    assert before <= logged["at"] <= utcnow().isoformat()


def test_an_ask_is_followed_up(alice: Caller) -> None:
    grace = alice.contact()
    done(alice.post(f"/contacts/{grace['id']}/activities", {"kind": "ask"}), 201)
    assert open_reminders(alice, grace) == {"follow_up", "close"}


def test_reaching_out_after_the_thanks_reconnects_and_hearing_from_them_does_not(alice: Caller) -> None:
    grace = alice.contact()
    move(alice, grace, "interviewed")
    move(alice, grace, "thanked")
    path = f"/contacts/{grace['id']}"
    for body in ({"kind": "call", "direction": "in"}, {"kind": "note", "text": "Nice of her."}):
        done(alice.post(f"{path}/activities", body), 201)
        assert done(alice.get(path))["stage"] == "thanked"
    done(alice.post(f"{path}/activities", {"kind": "visit"}), 201)
    assert done(alice.get(path))["stage"] == "reconnected"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "stage"}, "kind"),
        ({"kind": "telepathy"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": "note"}, "text"),
        ({"kind": "call", "direction": "up"}, "direction"),
        ({"kind": "ask", "direction": "in"}, "direction"),
        ({"kind": "call", "text": "x" * 20_001}, "text"),
        ({"kind": "call", "at": "2026-03-10T09:00:00"}, "at"),
        ({"kind": "call", "at": "2026-03-10"}, "at"),
        ({"kind": "call", "at": "2026-03-10 09:00:00Z"}, "at"),
        ({"kind": "call", "at": "2026-02-30T09:00:00Z"}, "at"),
        ({"kind": "call", "at": "2026-03-10T24:61:00Z"}, "at"),
        ({"kind": "call", "at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"kind": "call", "at": "9999-12-31T23:59:59-14:00"}, "at"),
        ({"kind": "call", "at": "2026-03-10T09:00:00+99:00"}, "at"),
        ({"kind": "call", "at": 1741597200}, "at"),
    ],
)
def test_what_cannot_have_happened_is_refused(alice: Caller, body: object, field: str) -> None:
    refused(alice.post(f"/contacts/{alice.contact()['id']}/activities", body), 422, field)


def test_what_is_still_to_come_is_refused(alice: Caller) -> None:
    body = {"kind": "call", "at": (utcnow() + timedelta(minutes=5)).isoformat()}
    refused(alice.post(f"/contacts/{alice.contact()['id']}/activities", body), 422, "at")


def test_a_time_without_its_offset_is_asked_for_one(alice: Caller) -> None:
    path = f"/contacts/{alice.contact()['id']}/activities"
    answer = alice.post(path, {"kind": "call", "at": "2026-03-10T09:00:00"})
    assert refused(answer, 422, "at") == (
        "This time lacks its offset from UTC. Write it like 2026-03-10T09:00:00+01:00, or with Z for UTC."
    )


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2026-03-10T09:00:00Z", "2026-03-10T09:00:00Z"),
        ("2026-03-10t09:00:00z", "2026-03-10T09:00:00Z"),
        ("2026-03-10T09:00:00-05:30", "2026-03-10T14:30:00Z"),
        ("2026-03-10T09:00:00.5+00:00", "2026-03-10T09:00:00.500000Z"),
        ("2026-03-10T09:00:00.123456789Z", "2026-03-10T09:00:00.123456Z"),
    ],
)
def test_times_come_with_any_offset_and_leave_in_utc(alice: Caller, given: str, shown: str) -> None:
    path = f"/contacts/{alice.contact()['id']}/activities"
    assert done(alice.post(path, {"kind": "call", "at": given}), 201)["at"] == shown


def test_the_timeline_comes_in_pages_newest_first(alice: Caller) -> None:
    path = f"/contacts/{alice.contact()['id']}"
    for number in range(5):
        body = {"kind": "note", "text": str(number), "at": "2026-03-10T09:00:00Z"}
        done(alice.post(f"{path}/activities", body), 201)
    first = done(alice.get(f"{path}/timeline?limit=4"))
    rest = done(alice.get(f"{path}/timeline?limit=4&cursor={first['next']}"))
    seen = [entry["text"] for entry in first["items"] + rest["items"]]
    assert seen == ["Added as a contact.", "4", "3", "2", "1", "0"]
    assert rest["next"] is None
