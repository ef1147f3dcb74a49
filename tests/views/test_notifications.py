"""The bell, its page, and the devices."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from crm import vapid
from crm.database import db, transaction, utcnow
from crm.domain import reminders
from crm.domain.notifications import devices
from crm.models import Device, Notification, Push
from tests.cast import Cast
from tests.counting import statements
from tests.services.pairs import SECRET
from tests.services.push import serve
from tests.views.things import browser, news
from tests.views.visitor import Visitor, visit


def told(cast: Cast, count: int = 1, **facts: object) -> list[int]:
    with transaction():
        return [news(cast, utcnow(), **facts).id for _ in range(count)]


def count(page: str) -> int:
    found = re.search(r'data-new="(\d+)"', page)
    assert found
    return int(found[1])


def fresh(notification_id: int) -> Notification:
    db.session.rollback()
    found = db.session.get(Notification, notification_id, populate_existing=True)
    assert found is not None
    return found


def test_the_bell_counts_what_is_new_on_every_page(alice: Visitor, bob: Visitor, cast: Cast) -> None:
    told(cast, 3)
    assert count(alice.get("/due").text) == 3
    assert 'aria-label="Notifications, 3 new"' in alice.get("/contacts").text
    assert count(bob.get("/due").text) == 0


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_the_count_costs_a_page_one_statement(alice: Visitor, cast: Cast) -> None:
    told(cast, 20)
    with statements() as seen:
        alice.get("/notifications/bell")
    assert len(seen) <= 2
    with statements() as seen:
        alice.get("/settings/tokens")
    assert len([statement for statement in seen if "notifications" in statement]) == 1


def test_a_poll_is_answered_with_nothing_while_nothing_changed(alice: Visitor, cast: Cast) -> None:
    told(cast)
    first = alice.get("/notifications/bell")
    assert count(first.text) == 1
    again = alice.get("/notifications/bell", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    told(cast)
    changed = alice.get("/notifications/bell", headers={"If-None-Match": first.headers["ETag"]})
    assert count(changed.text) == 2


def test_opening_one_marks_it_seen_and_leads_to_its_page(alice: Visitor, cast: Cast) -> None:
    first, second = told(cast, 2, path="/due/7")
    assert alice.get(f"/notifications/{first}/open").status_code == 405
    answer = alice.post(f"/notifications/{first}/open")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/due/7"
    seen_at = fresh(first).seen_at
    assert seen_at is not None
    assert fresh(second).seen_at is None
    alice.post(f"/notifications/{first}/seen")
    assert fresh(first).seen_at == seen_at
    assert alice.post(f"/notifications/{second}/seen").status_code == 204
    assert count(alice.get("/notifications").text) == 0


def test_looking_at_the_page_and_the_panel_marks_nothing(alice: Visitor, cast: Cast) -> None:
    told(cast)
    for path in ("/notifications", "/notifications/latest", "/notifications/bell"):
        alice.get(path)
    assert count(alice.get("/notifications").text) == 1


def test_all_are_seen_up_to_the_newest_that_was_shown(alice: Visitor, cast: Cast) -> None:
    _, shown = told(cast, 2)
    (later,) = told(cast)
    answer = alice.post("/notifications/seen", data={"until": str(shown)})
    assert answer.status_code == 303
    assert fresh(shown).seen_at is not None
    assert fresh(later).seen_at is None
    alice.post("/notifications/seen")
    assert fresh(later).seen_at is not None


def test_what_was_done_is_new_to_nobody(alice: Visitor, cast: Cast) -> None:
    with transaction():
        (promise,) = reminders.open_of(cast.ada)
    told(cast, reminder_id=promise.id)
    assert count(alice.get("/due").text) == 1
    with transaction():
        reminders.done(promise, now=utcnow())
    page = alice.get("/notifications").text
    assert count(page) == 0
    assert "Thank Ada Okafor" in page


def test_the_page_tells_when_in_words_and_comes_in_parts(alice: Visitor, cast: Cast) -> None:
    told(cast, 31, due_at=utcnow() - timedelta(hours=3))
    page = alice.get("/notifications").text
    assert page.count('class="news is-new"') == 30
    assert "3 hours ago" in page
    assert re.search(r'title="[^"]+Europe/Stockholm', page)
    found = re.search(r'href="(/notifications\?before=\d+)"', page)
    assert found
    assert alice.get(found[1]).text.count('class="news is-new"') == 1


def test_where_nothing_came_due_the_page_says_so(alice: Visitor) -> None:
    assert "Nothing yet" in alice.get("/notifications").text
    assert "Nothing yet" in alice.get("/notifications/latest").text


def test_a_browser_is_added_tested_and_removed(make: Callable[..., Flask], cast: Cast) -> None:
    with serve() as service:
        alice = visit(make(push_hosts=(service.host,)), cast.alice)
        keys = {"name": "Firefox on Linux", **service.subscription()}
        assert alice.post("/settings/notifications", data=keys).status_code == 303
    page = alice.get("/settings/notifications").text
    assert "Firefox on Linux" in page
    assert f'data-push="{vapid.public_key(SECRET)}"' in page
    alice.post("/settings/notifications/test")
    assert count(alice.get("/due").text) == 1
    db.session.rollback()
    pushed = db.session.scalars(select(Push)).one()
    assert pushed.notification.title == "This is a test"
    assert pushed.notification.urgent
    alice.post(f"/settings/notifications/{pushed.device_id}/remove")
    db.session.rollback()
    assert db.session.scalars(select(Device)).all() == []
    assert "No devices yet" in alice.get("/settings/notifications").text


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"endpoint": "https://localhost/x"}, "not on the public internet"),
        ({"endpoint": "http://8.8.8.8/x"}, "https alone"),
        ({"endpoint": "https://8.8.8.8/" + "x" * 1000}, "no push service understands"),
        ({"p256dh": "AAAA"}, "no push service understands"),
        ({"p256dh": "ü" * 87}, "no push service understands"),
        ({"auth": ""}, "no push service understands"),
        ({"name": ""}, "Please give a name"),
    ],
)
@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_what_no_browser_would_send_is_refused(
    alice: Visitor, cast: Cast, facts: dict[str, str], sentence: str
) -> None:
    good = {
        "name": "A browser",
        "endpoint": "https://8.8.8.8/x",
        "p256dh": vapid.public_key("x"),
        "auth": "A" * 22,
    }
    answer = alice.post("/settings/notifications", data={**good, **facts}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert sentence in answer.get_json()["detail"]
    assert db.session.scalars(select(Device)).all() == []


def test_a_browser_in_which_somebody_else_signs_in_becomes_theirs(cast: Cast, now: datetime) -> None:
    with transaction():
        first = browser(cast, now, endpoint="https://push.example.net/one")
        news(cast, now)
        facts = {"name": "The same", "endpoint": first.endpoint, "p256dh": first.p256dh, "auth": first.auth}
        devices.add(cast.bobs_workspace, cast.bob, facts, now=now)
    (device,) = db.session.scalars(select(Device))
    assert device.user_id == cast.bob.id
    assert db.session.scalars(select(Push)).all() == []


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_where_browsers_would_refuse_the_page_says_why(make: Callable[..., Flask], cast: Cast) -> None:
    page = visit(make(base_url="http://fika.lan"), cast.alice).get("/settings/notifications").text
    assert "begins with https" in page
    assert "Turn on for this browser" not in page


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_the_service_worker_is_a_script_at_the_root_for_everybody(nobody: Visitor) -> None:
    answer = nobody.get("/sw.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_the_icon_of_notifications_has_an_address_that_stays(nobody: Visitor) -> None:
    answer = nobody.get("/icon.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert "Set-Cookie" not in answer.headers
