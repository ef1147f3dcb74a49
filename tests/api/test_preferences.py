"""Preferences by API: when letters may come, and by which way each kind is told."""

from __future__ import annotations

import pytest

from tests.api.caller import Caller, done, refused

AT_FIRST = {
    "digest_at": "08:00",
    "near_in_digest": False,
    "look_ahead": False,
    "quiet_from": None,
    "quiet_until": None,
    "days_off": [],
    "own_copy": "feed",
}


def test_everybody_begins_with_letters_and_no_quiet_hours(alice: Caller) -> None:
    found = done(alice.get("/preferences"))
    assert set(found.pop("kinds").values()) == {"letter"}
    assert found == AT_FIRST


def test_what_is_sent_is_changed_and_the_rest_stays(alice: Caller, bob: Caller) -> None:
    sent = {
        "digest_at": "07:30",
        "look_ahead": True,
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "days_off": ["sun"],
        "kinds": {"ask": "digest", "close": "off"},
    }
    changed = done(alice.patch("/preferences", sent))
    assert {name: changed[name] for name in sent if name != "kinds"} == {
        name: value for name, value in sent.items() if name != "kinds"
    }
    kinds = changed["kinds"]
    assert (kinds["ask"], kinds["close"], kinds["thank_you"]) == ("digest", "off", "letter")
    cleared = done(alice.patch("/preferences", {"quiet_from": None, "quiet_until": None, "days_off": None}))
    assert (cleared["quiet_from"], cleared["days_off"], cleared["digest_at"]) == (None, [], "07:30")
    assert done(bob.get("/preferences"))["kinds"]["ask"] == "letter"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"digest_at": "8"}, "digest_at"),
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"days_off": ["caturday"]}, "days_off"),
        ({"kinds": {"ask": "pigeon"}}, "kinds"),
        ({"kinds": {"digest": "off"}}, "kinds"),
        ({"digest_at": 8}, "digest_at"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_changed(
    alice: Caller, sent: dict[str, object], field: str
) -> None:
    refused(alice.patch("/preferences", {"look_ahead": True} | sent), 422, field)
    assert not done(alice.get("/preferences"))["look_ahead"]
