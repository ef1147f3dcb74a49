from __future__ import annotations

from crm.domain import feeds
from tests.api.caller import Caller, done, refused

ADDRESS = "http://localhost:8000/feeds/"


def secret_of(url: str) -> str:
    assert url.startswith(ADDRESS)
    return url.removeprefix(ADDRESS).removesuffix(".ics")


def test_a_subscription_shows_its_address_once(alice: Caller) -> None:
    body = {"name": "Phone", "include": ["reminders", "interviews"], "privacy": "initials"}
    made = done(alice.post("/feeds", body), 201)
    assert {**made, "include": body["include"]} == {**made, **body}
    token = feeds.by_secret(secret_of(made.pop("url")))
    assert token is not None
    assert str(token.feed_id) == made["id"]
    assert done(alice.get("/feeds"))["items"] == [made]


def test_nothing_has_to_be_said_for_a_subscription(alice: Caller) -> None:
    made = done(alice.post("/feeds"), 201)
    assert (made["name"], made["include"], made["privacy"]) == ("Fika", ["interviews"], "full")
    assert done(alice.post("/feeds", {"name": None, "include": None, "privacy": None}), 201)["url"]


def test_a_new_address_ends_the_old_one(alice: Caller) -> None:
    made = done(alice.post("/feeds", {"name": "Phone"}), 201)
    turned = done(alice.post(f"/feeds/{made['id']}/rotate"))
    assert turned.pop("url") != made["url"]
    assert turned == {name: value for name, value in made.items() if name != "url"}
    old = feeds.by_secret(secret_of(made["url"]))
    assert old is not None
    assert old.revoked_at is not None


def test_a_deleted_subscription_is_gone(alice: Caller) -> None:
    made = done(alice.post("/feeds", {"name": "Phone"}), 201)
    assert alice.delete(f"/feeds/{made['id']}").status_code == 204
    assert done(alice.get("/feeds"))["items"] == []
    refused(alice.delete(f"/feeds/{made['id']}"), 404)
    refused(alice.post(f"/feeds/{made['id']}/rotate"), 404)


def test_what_a_subscription_cannot_be_is_refused(alice: Caller) -> None:
    refused(alice.post("/feeds", {"name": ""}), 422, "name")
    refused(alice.post("/feeds", {"name": "x" * 101}), 422, "name")
    refused(alice.post("/feeds", {"include": []}), 422, "include")
    refused(alice.post("/feeds", {"include": ["letters"]}), 422, "include")
    refused(alice.post("/feeds", {"include": "interviews"}), 422, "include")
    refused(alice.post("/feeds", {"privacy": "none"}), 422, "privacy")
    refused(alice.post("/feeds", {"url": "http://localhost/feeds/mine.ics"}), 422, "url")


def test_subscriptions_come_in_pages(alice: Caller) -> None:
    names = ["Phone", "Laptop", "Wall"]
    for name in names:
        alice.post("/feeds", {"name": name})
    first = done(alice.get("/feeds?limit=2"))
    rest = done(alice.get(f"/feeds?limit=2&cursor={first['next']}"))
    assert [feed["name"] for feed in first["items"] + rest["items"]] == names
