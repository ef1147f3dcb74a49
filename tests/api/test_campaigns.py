from __future__ import annotations

from typing import Any

from tests.api.caller import Caller, done, refused
from tests.api.test_stages import move


def explore(caller: Caller, **facts: Any) -> dict[str, Any]:
    return done(caller.post("/campaigns", {"name": "Water treatment", **facts}), 201)


def test_a_field_to_explore_is_added_and_listed(alice: Caller) -> None:
    first = explore(alice, purpose="Who cleans the water?")
    assert (first["name"], first["purpose"]) == ("Water treatment", "Who cleans the water?")
    second = explore(alice, name="Soil")
    assert second["purpose"] is None
    assert done(alice.get("/campaigns"))["items"] == [first, second]
    assert done(alice.get(f"/campaigns/{first['id']}")) == first
    page = done(alice.get("/campaigns?limit=1"))
    assert done(alice.get(f"/campaigns?limit=1&cursor={page['next']}"))["items"] == [second]


def test_a_campaign_needs_a_name_of_reasonable_length(alice: Caller) -> None:
    refused(alice.post("/campaigns", {}), 422, "name")
    refused(alice.post("/campaigns", {"name": "\u200b \n"}), 422, "name")
    refused(alice.post("/campaigns", {"name": "x" * 201}), 422, "name")
    refused(alice.post("/campaigns", {"name": "Soil", "purpose": "x" * 5001}), 422, "purpose")


def test_nothing_is_covered_at_first(alice: Caller) -> None:
    campaign = explore(alice)
    assert done(alice.get(f"/campaigns/{campaign['id']}/coverage")) == {
        "interviewed": 0,
        "needed": 3,
        "roles": {"covered": [], "missing": ["practitioner", "supervisor", "hiring_manager"]},
        "organisations": {"covered": 0, "needed": 2},
        "candidates": [],
    }


def test_completed_interviews_cover_and_located_contacts_could(alice: Caller) -> None:
    campaign = explore(alice)["id"]
    grace = alice.contact(roles=["practitioner"], organisation="Waterworks", campaigns=[campaign])
    boss = alice.contact(name="Boss", roles=["hiring_manager"], organisation="Soil", campaigns=[campaign])
    alice.contact(name="Elsewhere", roles=["supervisor"])
    move(alice, grace, "interviewed")
    found = done(alice.get(f"/campaigns/{campaign}/coverage"))
    assert found["interviewed"] == 1
    assert found["roles"] == {"covered": ["practitioner"], "missing": ["supervisor", "hiring_manager"]}
    assert found["organisations"] == {"covered": 1, "needed": 2}
    (candidate,) = found["candidates"]
    assert candidate["contact"] == boss["id"]
    assert candidate["closes"][0] == "Is a hiring manager."


def test_a_contact_leaves_all_campaigns_by_null(alice: Caller) -> None:
    campaign = explore(alice)["id"]
    grace = alice.contact(campaigns=[campaign, campaign])
    assert grace["campaigns"] == [campaign]
    assert done(alice.patch(f"/contacts/{grace['id']}", {"campaigns": None}))["campaigns"] == []
