from __future__ import annotations

from typing import Any

from crm.database import transaction, utcnow
from crm.domain import reminders
from tests.api.caller import Caller, done, refused
from tests.cast import Cast
from tests.conftest import NOW
from tests.views.things import news


def tell(cast: Cast, **facts: Any) -> str:
    with transaction():
        return str(news(cast, NOW, **facts).id)


def ids(caller: Caller, query: str = "") -> list[str]:
    return [one["id"] for one in done(caller.get(f"/notifications{query}"))["items"]]


def test_what_came_due_is_listed_newest_first(alice: Caller, bob: Caller, cast: Cast) -> None:
    first, second = tell(cast), tell(cast)
    (found, _) = done(alice.get("/notifications"))["items"]
    assert found == {
        "id": second,
        "kind": "thank_you",
        "title": "Thank Ada Okafor",
        "text": "22 hours are left.",
        "path": "/due",
        "reminder": None,
        "due_at": "2026-03-10T09:00:00Z",
        "state": "unseen",
        "seen_at": None,
        "created_at": "2026-03-10T09:00:00Z",
    }
    assert ids(alice) == [second, first]
    assert ids(bob) == []


def test_one_is_marked_as_seen_once(alice: Caller, bob: Caller, cast: Cast) -> None:
    first, second = tell(cast), tell(cast)
    seen = done(alice.post(f"/notifications/{first}/seen"))
    assert seen["state"] == "seen"
    assert seen["seen_at"]
    assert done(alice.post(f"/notifications/{first}/seen")) == seen
    assert ids(alice, "?state=unseen") == [second]
    assert ids(alice, "?state=seen") == [first]
    refused(bob.post(f"/notifications/{second}/seen"), 404)


def test_all_or_all_up_to_one_are_marked_as_seen(alice: Caller, cast: Cast) -> None:
    first, _, third = tell(cast), tell(cast), tell(cast)
    assert done(alice.post("/notifications/seen", {"until": first})) == {"unseen": 2}
    assert done(alice.post("/notifications/seen", {"until": "nothing"})) == {"unseen": 2}
    assert done(alice.post("/notifications/seen")) == {"unseen": 0}
    assert ids(alice, "?state=seen")[0] == third


def test_what_was_done_counts_as_seen(alice: Caller, cast: Cast) -> None:
    with transaction():
        (promise,) = reminders.open_of(cast.ada)
    told = tell(cast, reminder_id=promise.id)
    assert ids(alice, "?state=unseen") == [told]
    with transaction():
        reminders.done(promise, now=utcnow())
    assert ids(alice, "?state=unseen") == []
    (found,) = done(alice.get("/notifications?state=seen"))["items"]
    assert (found["state"], found["reminder"]) == ("seen", str(promise.id))


def test_they_come_in_pages(alice: Caller, cast: Cast) -> None:
    told = [tell(cast) for _ in range(5)]
    first = done(alice.get("/notifications?limit=3"))
    rest = done(alice.get(f"/notifications?limit=3&cursor={first['next']}"))
    assert [one["id"] for one in first["items"] + rest["items"]] == told[::-1]
    assert rest["next"] is None


def test_a_wrong_filter_is_refused(alice: Caller) -> None:
    refused(alice.get("/notifications?state=new"), 422, "state")
