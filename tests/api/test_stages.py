from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from werkzeug.test import TestResponse

from crm.database import utcnow
from tests.api.caller import Caller, done, refused


def move(caller: Caller, contact: dict[str, Any], stage: str, **more: Any) -> dict[str, Any]:
    return done(caller.post(f"/contacts/{contact['id']}/stage", {"stage": stage, **more}))


def texts(caller: Caller, contact: dict[str, Any]) -> list[str]:
    return [entry["text"] for entry in done(caller.get(f"/contacts/{contact['id']}/timeline"))["items"]]


def open_reminders(caller: Caller, contact: dict[str, Any]) -> set[str]:
    found = done(caller.get(f"/reminders?contact={contact['id']}"))["items"]
    return {reminder["kind"] for reminder in found if reminder["state"] == "pending"}


def test_a_move_forward_answers_the_contact_and_promises_what_the_stage_owes(alice: Caller) -> None:
    grace = alice.contact()
    at = (utcnow() - timedelta(hours=2)).isoformat()
    moved = move(alice, grace, "agreed", at=at)
    assert moved["stage"] == "agreed"
    assert moved["stage_since"] == at.replace("+00:00", "Z")
    assert open_reminders(alice, grace) == {"set_date"}


def test_stages_that_are_passed_over_are_recorded_as_skipped(alice: Caller) -> None:
    grace = alice.contact()
    assert move(alice, grace, "interviewed")["stage"] == "interviewed"
    assert "Moved from Located to Interviewed. Skipped: Agreed." in texts(alice, grace)
    (interview,) = done(alice.get(f"/interviews?contact={grace['id']}"))["items"]
    assert interview["state"] == "completed"
    assert open_reminders(alice, grace) == {"thank_you"}


def test_back_only_with_a_reason(alice: Caller) -> None:
    grace = alice.contact()
    move(alice, grace, "agreed")
    path = f"/contacts/{grace['id']}/stage"
    refused(alice.post(path, {"stage": "located"}), 422, "reason")
    refused(alice.post(path, {"stage": "located", "reason": " \r\n "}), 422, "reason")
    assert move(alice, grace, "located", reason="Fell ill")["stage"] == "located"
    assert "Moved from Agreed to Located. Fell ill" in texts(alice, grace)


def test_the_same_stage_again_is_well_and_does_nothing(alice: Caller) -> None:
    grace = alice.contact()
    moved = move(alice, grace, "agreed")
    entries = texts(alice, grace)
    assert move(alice, grace, "agreed", was="located") == moved
    assert texts(alice, grace) == entries


def test_two_tabs_that_move_the_same_card_do_not_overwrite_each_other(alice: Caller) -> None:
    grace = alice.contact()
    move(alice, grace, "agreed", was="located")
    answer = alice.post(f"/contacts/{grace['id']}/stage", {"stage": "interviewed", "was": "located"})
    assert "Agreed meanwhile" in refused(answer, 409)
    assert done(alice.get(f"/contacts/{grace['id']}"))["stage"] == "agreed"


def test_of_two_tabs_at_the_same_moment_one_is_told_to_look_again(alice: Caller) -> None:
    grace = alice.contact()
    together = Barrier(2)

    def drop(stage: str) -> TestResponse:
        together.wait()
        return alice.post(f"/contacts/{grace['id']}/stage", {"stage": stage, "was": "located"})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(drop, ("agreed", "interviewed")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (won,) = [answer.get_json() for answer in answers if answer.status_code == 200]
    assert done(alice.get(f"/contacts/{grace['id']}"))["stage"] == won["stage"]


def test_a_closed_contact_does_not_move(alice: Caller) -> None:
    grace = alice.contact()
    alice.patch(f"/contacts/{grace['id']}", {"closed": "declined"})
    refused(alice.post(f"/contacts/{grace['id']}/stage", {"stage": "agreed"}), 409)


def test_nobody_is_thanked_for_an_interview_that_did_not_take_place(alice: Caller) -> None:
    grace = alice.contact()
    refused(alice.post(f"/contacts/{grace['id']}/stage", {"stage": "thanked"}), 409)


def test_a_move_lies_in_the_past_and_names_a_stage(alice: Caller) -> None:
    path = f"/contacts/{alice.contact()['id']}/stage"
    later = (utcnow() + timedelta(hours=1)).isoformat()
    refused(alice.post(path, {"stage": "agreed", "at": later}), 422, "at")
    refused(alice.post(path, {"stage": "agreed", "at": "1900-01-01T00:00:00Z"}), 422, "at")
    refused(alice.post(path, {"stage": "agreed", "at": "2100-01-01T00:00:00Z"}), 422, "at")
    refused(alice.post(path, {"stage": "hired"}), 422, "stage")
    assert refused(alice.post(path), 422, "stage") == "Please give “stage”."
    refused(alice.post(path, {"stage": "agreed", "reason": "x" * 501}), 422, "reason")


def test_the_whole_way_to_reconnected(alice: Caller) -> None:
    grace = alice.contact()
    for stage in ("agreed", "interviewed", "thanked", "reconnected"):
        assert move(alice, grace, stage)["stage"] == stage
    assert open_reminders(alice, grace) == {"stay_in_touch"}
