"""Pushes to devices, with a push service of our own and both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from crm import vapid
from crm.database import db, transaction, utcnow
from crm.domain import notifications, preferences, reminders
from crm.domain.notifications import pushing
from crm.models import Notification, Push, PushState
from tests.cast import Cast
from tests.services.pairs import SECRET
from tests.services.push import PushService
from tests.services.run import free_port
from tests.services.smtp import SmtpServer
from tests.views.things import browser, letter, news
from tests.workers.pushes import fresh, tell
from tests.workers.running import tick, worker
from workers.health import sweep
from workers.mail import drain
from workers.notifications import push


def test_what_came_due_reaches_the_device_and_nobody_else_can_read_it(
    service: PushService, cast: Cast
) -> None:
    waiting = tell(cast, service)
    assert push() == 1
    (pushed,) = service.pushed
    assert pushed.message == {
        "title": "Thank Ada Okafor",
        "body": "22 hours are left.",
        "path": "/due",
        "tag": f"notification-{waiting.notification_id}",
    }
    assert pushed.headers["topic"] == pushed.message["tag"]
    assert pushed.headers["urgency"] == "normal"
    assert 86000 < int(pushed.headers["ttl"]) <= 86400
    assert fresh(waiting).state is PushState.SENT
    assert waiting.device.last_reply == "201 Created"
    assert waiting.device.last_sent_at == waiting.sent_at


def test_the_sender_is_known_by_a_key_that_all_nodes_share(service: PushService, cast: Cast) -> None:
    tell(cast, service)
    push()
    (pushed,) = service.pushed
    assert pushed.headers["authorization"].endswith(f"k={vapid.public_key(SECRET)}")
    assert pushed.claims["aud"] == f"http://{service.host}"
    assert pushed.claims["sub"] == "mailto:crm@fika.example"
    assert 0 < pushed.claims["exp"] - utcnow().timestamp() < 86400


def test_nothing_is_sent_twice_and_every_device_gets_its_own(service: PushService, cast: Cast) -> None:
    with transaction():
        for name in ("laptop", "phone"):
            browser(cast, utcnow(), **service.subscription(name))
        for _ in range(3):
            news(cast, utcnow())
    assert push() == 6
    assert push() == 0
    assert sorted(pushed.path for pushed in service.pushed) == ["/laptop"] * 3 + ["/phone"] * 3


def test_a_worker_that_was_killed_in_between_holds_nothing_up(service: PushService, cast: Cast) -> None:
    waiting = tell(cast, service)
    with transaction():
        (lost,) = pushing.claim(now=utcnow())
    assert push() == 0
    with time_machine.travel(utcnow() + pushing.LEASE + timedelta(seconds=1)):
        assert push() == 1
    with transaction():
        # It was only asleep: what it says comes too late to count.
        pushing.failed(lost, "too late")
    assert fresh(waiting).state is PushState.SENT


def test_two_workers_never_claim_the_same_push(service: PushService, core: Flask, cast: Cast) -> None:
    for _ in range(20):
        tell(cast, service)

    def work() -> None:
        with core.app_context(), transaction():
            claimed.extend(found.id for found in pushing.claim(now=utcnow(), limit=10))

    claimed: list[int] = []
    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(claimed) == len(set(claimed)) >= 10


def test_what_was_seen_or_done_meanwhile_is_not_pushed(service: PushService, cast: Cast) -> None:
    with transaction():
        (promise,) = reminders.open_of(cast.ada)
    seen, done = tell(cast, service), tell(cast, service, reminder_id=promise.id)
    with transaction():
        notifications.see(seen.notification, now=utcnow())
        reminders.done(promise, now=utcnow())
    assert push() == 0
    assert fresh(seen).state is fresh(done).state is PushState.CANCELLED
    assert service.pushed == []


def test_in_quiet_hours_only_what_is_urgent_comes(service: PushService, cast: Cast) -> None:
    night = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
    with time_machine.travel(night):
        with transaction():
            wishes = {"quiet_from": "22:00", "quiet_until": "07:00"}
            preferences.change(cast.alice, cast.workspace.id, wishes, now=night)
        calm, urgent = tell(cast, service), tell(cast, service, urgent=True)
        push()
    assert fresh(urgent).state is PushState.SENT
    assert [pushed.headers["urgency"] for pushed in service.pushed] == ["high"]
    assert fresh(calm).next_try_at == datetime(2026, 3, 11, 6, 0, tzinfo=UTC)
    assert calm.attempts == 0
    with time_machine.travel(calm.next_try_at):
        push()
    assert fresh(calm).state is PushState.SENT


def test_a_long_text_is_cut_to_what_push_services_take(service: PushService, cast: Cast) -> None:
    tell(cast, service, title="😀" * 300, text="😀" * 500)
    push()
    (pushed,) = service.pushed
    assert pushed.message["title"] == "😀" * 300
    assert pushed.message["body"].endswith("…")


def test_notifications_come_while_mail_is_down(
    service: PushService, cast: Cast, smtp_server: SmtpServer, core: Flask
) -> None:
    down = f"smtp://127.0.0.1:{free_port()}"
    core.config["SETTINGS"] = replace(core.config["SETTINGS"], smtp_url=down)
    with transaction():
        letter(cast, utcnow() - timedelta(minutes=1))
    tell(cast, service)
    assert drain() == 0
    assert push() == 1
    assert len(service.pushed) == 1


def test_a_real_worker_pushes_by_itself(service: PushService, core: Flask, cast: Cast) -> None:
    settings = core.config["SETTINGS"]
    waiting = tell(cast, service)
    with worker(settings, PUSH_HOSTS=service.host):
        tick(settings, "notifications.push")
        for _ in range(1000):
            if fresh(waiting).state is PushState.SENT:
                break
            threading.Event().wait(0.02)
    assert fresh(waiting).state is PushState.SENT


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_the_demonstration_pushes_nothing(service: PushService, core: Flask, cast: Cast) -> None:
    core.config["SETTINGS"] = replace(core.config["SETTINGS"], never_send=True)
    tell(cast, service)
    assert push() == 0
    assert service.pushed == []


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_old_ones_are_swept_but_for_those_that_the_ledger_reads(service: PushService, cast: Cast) -> None:
    with transaction():
        (promise,) = reminders.open_of(cast.ada)
    kept = tell(cast, service, reminder_id=promise.id).notification
    swept, unseen = tell(cast, service).notification, tell(cast, service).notification
    stays = {kept.id, unseen.id}
    with transaction():
        for one in (kept, swept):
            notifications.see(one, now=utcnow())
    with time_machine.travel(utcnow() + timedelta(days=31)):
        sweep()
    db.session.rollback()
    assert db.session.scalars(select(Push)).all() == []
    assert len(db.session.scalars(select(Notification)).all()) == 3
    with time_machine.travel(utcnow() + timedelta(days=91)):
        sweep()
    db.session.rollback()
    assert set(db.session.scalars(select(Notification.id))) == stays
