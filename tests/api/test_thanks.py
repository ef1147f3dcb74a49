from __future__ import annotations

from typing import Any

from tests.api.caller import Caller, done, refused
from tests.api.test_interviews import plan, soon
from tests.api.test_stages import move, open_reminders


def interviewed(caller: Caller) -> tuple[dict[str, Any], dict[str, Any]]:
    contact = caller.contact()
    planned = plan(caller, contact, starts_at=soon(hours=-3))
    return contact, done(caller.post(f"/interviews/{planned['id']}/complete", {"ended_at": soon(hours=-2)}))


def test_thanks_silence_the_reminder_and_move_the_contact(alice: Caller) -> None:
    grace, interview = interviewed(alice)
    sent_at = soon(hours=-1)
    thanked = done(alice.post(f"/contacts/{grace['id']}/thanks", {"sent_at": sent_at, "by": "card"}))
    assert (thanked["id"], thanked["stage"], thanked["stage_since"]) == (grace["id"], "thanked", sent_at)
    assert done(alice.get(f"/interviews/{interview['id']}"))["thanked_at"] == sent_at
    assert "thank_you" not in open_reminders(alice, grace)


def test_without_a_body_thanks_were_said_now(alice: Caller) -> None:
    grace, interview = interviewed(alice)
    assert done(alice.post(f"/contacts/{grace['id']}/thanks"))["stage"] == "thanked"
    assert done(alice.get(f"/interviews/{interview['id']}"))["thanked_at"]


def test_both_a_letter_and_a_card_may_be_sent_for_a_named_interview(alice: Caller) -> None:
    grace, interview = interviewed(alice)
    for by in ("email", "card"):
        body = {"by": by, "interview": interview["id"]}
        assert done(alice.post(f"/contacts/{grace['id']}/thanks", body))["stage"] == "thanked"


def test_there_is_nothing_to_thank_for_without_an_interview(alice: Caller) -> None:
    grace = alice.contact()
    refused(alice.post(f"/contacts/{grace['id']}/thanks"), 409)
    planned = plan(alice, grace)
    refused(alice.post(f"/contacts/{grace['id']}/thanks", {"interview": planned["id"]}), 409)


def test_thanks_are_for_an_interview_with_that_contact(alice: Caller, bob: Caller) -> None:
    grace, _ = interviewed(alice)
    others = [interviewed(alice)[1]["id"], interviewed(bob)[1]["id"], "999", "abc", ""]
    for other in others:
        refused(alice.post(f"/contacts/{grace['id']}/thanks", {"interview": other}), 422, "interview")


def test_thanks_lie_in_the_past_and_come_by_card_or_letter(alice: Caller) -> None:
    path = f"/contacts/{interviewed(alice)[0]['id']}/thanks"
    refused(alice.post(path, {"sent_at": soon(hours=1)}), 422, "sent_at")
    refused(alice.post(path, {"by": "pigeon"}), 422, "by")


def test_moving_to_thanked_is_the_same_as_recording_thanks(alice: Caller) -> None:
    grace, interview = interviewed(alice)
    move(alice, grace, "thanked")
    assert done(alice.get(f"/interviews/{interview['id']}"))["thanked_at"]
