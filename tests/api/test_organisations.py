from __future__ import annotations

from tests.api.caller import Caller, done


def test_organisations_are_those_that_contacts_name(alice: Caller) -> None:
    grace = alice.contact(organisation="Waterworks")
    found = done(alice.get(f"/organisations/{grace['organisation_id']}"))
    assert (found["id"], found["name"], found["website"]) == (grace["organisation_id"], "Waterworks", None)
    assert done(alice.get("/organisations"))["items"] == [found]


def test_organisations_are_found_by_name_and_come_in_pages(alice: Caller) -> None:
    for name in ("Soil & Co", "Waterworks", "water lab"):
        alice.contact(organisation=name)
    first = done(alice.get("/organisations?q=WATER&limit=1"))
    rest = done(alice.get(f"/organisations?q=WATER&limit=1&cursor={first['next']}"))
    assert [found["name"] for found in first["items"] + rest["items"]] == ["water lab", "Waterworks"]
    assert rest["next"] is None
