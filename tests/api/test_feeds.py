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


def test_a_subscription_is_changed_paused_and_goes_on(alice: Caller) -> None:
    made = done(alice.post("/feeds", {"name": "Phone"}), 201)
    campaign = done(alice.post("/campaigns", {"name": "Water"}), 201)["id"]
    wishes = {
        "name": "Laptop",
        "include": ["interviews", "preparation"],
        "privacy": "busy",
        "campaigns": [campaign],
        "reminders_as": "timed",
        "preparation_minutes": 45,
        "alarms": 10,
        "paused": True,
    }
    changed = done(alice.patch(f"/feeds/{made['id']}", wishes))
    assert {**changed, "include": wishes["include"]} == {**changed, **wishes}
    assert set(changed["include"]) == {"interviews", "preparation"}
    cleared = {"campaigns": None, "alarms": None, "paused": False, "privacy": None, "include": None}
    back = done(alice.patch(f"/feeds/{made['id']}", cleared))
    assert (back["campaigns"], back["alarms"], back["paused"]) == ([], None, False)
    assert (back["privacy"], back["include"], back["name"]) == ("full", ["interviews"], "Laptop")


def test_a_subscription_says_which_program_came_last(alice: Caller) -> None:
    made = done(alice.post("/feeds"), 201)
    assert (made["program"], made["usual_interval"], made["last_fetched_at"]) == (None, None, None)
    path = f"/feeds/{secret_of(made['url'])}.ics"
    alice.app.test_client().get(path, headers={"User-Agent": "Mozilla/5.0 Gecko/20100101 Thunderbird/153.7"})
    (shown,) = done(alice.get("/feeds"))["items"]
    assert (shown["program"], shown["usual_interval"]) == ("Thunderbird", 1800)
    assert shown["last_fetched_at"] is not None


def test_what_a_subscription_cannot_become_is_refused(alice: Caller, bob: Caller) -> None:
    path = f"/feeds/{done(alice.post('/feeds'), 201)['id']}"
    foreign = done(bob.post("/campaigns", {"name": "Water"}), 201)["id"]
    refused(alice.patch(path, {"campaigns": [foreign]}), 422, "campaigns")
    refused(alice.patch(path, {"campaigns": ["x"]}), 422, "campaigns")
    refused(alice.patch(path, {"alarms": -1}), 422, "alarms")
    refused(alice.patch(path, {"preparation_minutes": 1}), 422, "preparation_minutes")
    refused(alice.patch(path, {"include": []}), 422, "include")
    refused(alice.patch(path, {"name": None}), 422, "name")
    refused(bob.patch(path, {"name": "Mine"}), 404)
