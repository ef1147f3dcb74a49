from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from crm.database import utcnow
from tests.api.caller import Caller, done, refused
from tests.api.test_stages import open_reminders


def soon(**distance: float) -> str:
    return (utcnow() + timedelta(**distance)).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def plan(caller: Caller, contact: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"starts_at": soon(days=3), **more}
    return done(caller.post(f"/contacts/{contact['id']}/interviews", body), 201)


def letters(caller: Caller, contact: dict[str, Any]) -> list[str]:
    found = done(caller.get(f"/messages?contact={contact['id']}"))["items"]
    return [f"{letter['kind']} {letter['state']}" for letter in reversed(found)]


def test_a_date_makes_a_located_contact_agreed_and_invites_it(alice: Caller) -> None:
    grace = alice.contact(email="grace@example.com")
    starts_at = soon(days=3)
    body = {"starts_at": starts_at, "timezone": "America/New_York", "medium": "phone", "place": "+1 555 0100"}
    planned = plan(alice, grace, **body)
    assert {name: planned[name] for name in body} == body
    assert planned["contact"] == grace["id"]
    assert planned["minutes"] == 20
    assert planned["state"] == "planned"
    assert planned["sequence"] == 0
    assert planned["ended_at"] is planned["thanked_at"] is planned["notes"] is None
    ends_at = datetime.fromisoformat(starts_at) + timedelta(minutes=20)
    assert datetime.fromisoformat(planned["ends_at"]) == ends_at
    assert done(alice.get(f"/interviews/{planned['id']}")) == planned
    assert done(alice.get(f"/contacts/{grace['id']}"))["stage"] == "agreed"
    assert letters(alice, grace) == ["invitation waiting"]
    assert open_reminders(alice, grace) == {"prepare", "brief", "how_did_it_go"}


def test_the_zone_is_the_users_unless_another_is_named(alice: Caller) -> None:
    assert plan(alice, alice.contact())["timezone"] == "Europe/Stockholm"


@pytest.mark.parametrize(
    "more",
    [{"invite": False}, {"medium": "email"}, {"starts_at": soon(hours=-1)}],
    ids=["not wished", "by e-mail", "in the past"],
)
def test_nobody_is_invited_where_it_makes_no_sense(alice: Caller, more: dict[str, Any]) -> None:
    grace = alice.contact(email="grace@example.com")
    plan(alice, grace, **more)
    assert letters(alice, grace) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "starts_at"),
        ({"starts_at": None}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": "1900-01-01T00:00:00Z"}, "starts_at"),
        ({"starts_at": "2100-01-01T00:00:00Z"}, "starts_at"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"minutes": 10**30}, "minutes"),
        ({"minutes": "20"}, "minutes"),
        ({"minutes": 20.5}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"timezone": "CET+1"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"medium": "telepathy"}, "medium"),
        ({"place": "x" * 501}, "place"),
        ({"invite": "yes"}, "invite"),
        ({"state": "completed"}, "state"),
    ],
)
def test_what_cannot_be_planned_is_refused(alice: Caller, body: dict[str, Any], field: str) -> None:
    if field != "starts_at":
        body = {"starts_at": soon(days=3), **body}
    refused(alice.post(f"/contacts/{alice.contact()['id']}/interviews", body), 422, field)


def test_a_closed_contact_has_no_interviews(alice: Caller) -> None:
    grace = alice.contact()
    alice.patch(f"/contacts/{grace['id']}", {"closed": "no_answer"})
    refused(alice.post(f"/contacts/{grace['id']}/interviews", {"starts_at": soon(days=3)}), 409)


def test_the_same_date_twice_is_one_interview(alice: Caller) -> None:
    grace = alice.contact()
    planned = plan(alice, grace)
    refused(alice.post(f"/contacts/{grace['id']}/interviews", {"starts_at": planned["starts_at"]}), 409)
    assert len(done(alice.get(f"/interviews?contact={grace['id']}"))["items"]) == 1


def test_a_form_that_is_sent_twice_at_once_makes_one_interview(alice: Caller) -> None:
    grace = alice.contact(email="grace@example.com")
    body = {"starts_at": soon(days=3)}
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda _: alice.post(f"/contacts/{grace['id']}/interviews", body), range(4))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert letters(alice, grace) == ["invitation waiting"]


def test_moving_raises_the_sequence_and_notes_do_not(alice: Caller) -> None:
    planned = plan(alice, alice.contact())
    path = f"/interviews/{planned['id']}"
    noted = done(alice.patch(path, {"notes": "Ask about pumps.", "place": planned["place"]}))
    assert (noted["notes"], noted["sequence"]) == ("Ask about pumps.", 0)
    starts_at = soon(days=4)
    moved = done(alice.patch(path, {"starts_at": starts_at, "minutes": 15, "place": "Café"}))
    assert (moved["starts_at"], moved["minutes"], moved["place"]) == (starts_at, 15, "Café")
    assert (moved["sequence"], moved["uid"]) == (1, planned["uid"])
    cleared = done(alice.patch(path, {"place": None, "notes": None}))
    assert cleared["place"] is cleared["notes"] is None
    assert cleared["sequence"] == 2


@pytest.mark.parametrize("field", ["starts_at", "timezone", "minutes", "medium"])
def test_what_an_interview_needs_cannot_be_cleared(alice: Caller, field: str) -> None:
    path = f"/interviews/{plan(alice, alice.contact())['id']}"
    assert refused(alice.patch(path, {field: None}), 422, field) == "An interview cannot be without this."


def test_another_zone_leaves_the_instant(alice: Caller) -> None:
    planned = plan(alice, alice.contact())
    moved = done(alice.patch(f"/interviews/{planned['id']}", {"timezone": "Asia/Tokyo"}))
    assert (moved["timezone"], moved["starts_at"]) == ("Asia/Tokyo", planned["starts_at"])


def test_calling_off_promises_a_new_date(alice: Caller) -> None:
    grace = alice.contact(email="grace@example.com")
    planned = plan(alice, grace)
    called_off = done(alice.post(f"/interviews/{planned['id']}/cancel"))
    assert (called_off["state"], called_off["sequence"]) == ("cancelled", 1)
    assert done(alice.post(f"/interviews/{planned['id']}/cancel")) == called_off
    assert done(alice.get(f"/contacts/{grace['id']}"))["stage"] == "agreed"
    assert open_reminders(alice, grace) == {"set_date"}
    assert letters(alice, grace) == ["invitation cancelled"]
    refused(alice.post(f"/interviews/{planned['id']}/complete"), 409)
    refused(alice.patch(f"/interviews/{planned['id']}", {"place": "Café"}), 409)


def test_completing_makes_the_contact_interviewed_and_keeps_the_plan(alice: Caller) -> None:
    grace = alice.contact()
    planned = plan(alice, grace, starts_at=soon(hours=-2))
    ended_at = soon(hours=-1)
    path = f"/interviews/{planned['id']}"
    held = done(alice.post(f"{path}/complete", {"ended_at": ended_at, "notes": "Pumps!"}))
    assert held == {**planned, "state": "completed", "ended_at": ended_at, "notes": "Pumps!"}
    assert done(alice.get(f"/contacts/{grace['id']}"))["stage"] == "interviewed"
    assert open_reminders(alice, grace) == {"thank_you"}
    assert done(alice.post(f"{path}/complete", {"ended_at": ended_at})) == held
    refused(alice.post(f"{path}/cancel"), 409)


def test_it_may_have_ended_before_it_was_to_begin_but_not_in_the_future(alice: Caller) -> None:
    planned = plan(alice, alice.contact(), starts_at=soon(days=1))
    path = f"/interviews/{planned['id']}/complete"
    refused(alice.post(path, {"ended_at": soon(days=2)}), 422, "ended_at")
    ended_at = soon(minutes=-5)
    assert done(alice.post(path, {"ended_at": ended_at}))["ended_at"] == ended_at


def test_an_interview_is_completed_without_a_body(alice: Caller) -> None:
    planned = plan(alice, alice.contact(), starts_at=soon(hours=-2))
    held = done(alice.post(f"/interviews/{planned['id']}/complete"))
    assert held["ended_at"] == planned["ends_at"]


def test_one_interview_is_downloaded_for_a_calendar(alice: Caller) -> None:
    planned = plan(alice, alice.contact(), place="Café\r\nX-EVIL:1")
    answer = alice.get(f"/interviews/{planned['id']}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["UID"] == planned["uid"]
    assert event["SEQUENCE"] == 0
    assert event["LOCATION"] == "Café X-EVIL:1"
    assert event.decoded("DTSTART") == datetime.fromisoformat(planned["starts_at"])
    assert answer.data == alice.get(f"/interviews/{planned['id']}.ics").data


def test_interviews_are_listed_by_their_start(alice: Caller) -> None:
    grace = alice.contact()
    for days in (3, 1, 2):
        plan(alice, grace, starts_at=soon(days=days))
    done(alice.post(f"/interviews/{plan(alice, alice.contact())['id']}/cancel"))
    first = done(alice.get("/interviews?state=planned&limit=2"))
    rest = done(alice.get(f"/interviews?state=planned&cursor={first['next']}"))
    starts = [interview["starts_at"] for interview in first["items"] + rest["items"]]
    assert starts == sorted(starts)
    assert len(starts) == 3
    assert rest["next"] is None
    assert done(alice.get("/interviews?contact=abc"))["items"] == []
    refused(alice.get("/interviews?state=gone"), 422, "state")


def test_interviews_of_a_deleted_contact_are_gone(alice: Caller) -> None:
    grace = alice.contact()
    planned = plan(alice, grace)
    alice.delete(f"/contacts/{grace['id']}")
    for path in ("", ".ics"):
        refused(alice.get(f"/interviews/{planned['id']}{path}"), 404)
    refused(alice.post(f"/interviews/{planned['id']}/complete"), 404)
    assert done(alice.get("/interviews"))["items"] == []
