"""What a push service answers, and what becomes of the push then."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from crm import vapid
from crm.database import db, transaction, utcnow
from crm.models import Device, Notification, Push, PushState
from tests.cast import Cast
from tests.services.push import PushService
from tests.services.run import free_port
from tests.views.things import browser, news
from tests.workers.pushes import fresh, tell
from workers import push as lines
from workers.notifications import push

KEYS = {"p256dh": vapid.public_key("anybody"), "auth": "c2l4dGVlbiBzZWNyZXRzLg"}


def test_a_browser_that_is_gone_is_forgotten(service: PushService, cast: Cast) -> None:
    tell(cast, service)
    tell(cast, service)
    service.answers = [410, 404]
    push()
    db.session.rollback()
    assert db.session.scalars(select(Device)).all() == []
    assert db.session.scalars(select(Push)).all() == []
    assert len(db.session.scalars(select(Notification)).all()) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_service_in_trouble_is_tried_again_later(
    service: PushService, cast: Cast, status: int
) -> None:
    waiting = tell(cast, service)
    service.answers = [status]
    push()
    assert fresh(waiting).state is PushState.WAITING
    assert timedelta(seconds=9) < waiting.next_try_at - utcnow() < timedelta(seconds=13)
    assert waiting.device.last_reply.startswith(str(status))
    assert push() == 0
    with time_machine.travel(waiting.next_try_at):
        assert push() == 1
    assert fresh(waiting).state is PushState.SENT
    assert waiting.attempts == 2


def test_a_push_service_says_how_long_to_wait(service: PushService, cast: Cast) -> None:
    waiting = tell(cast, service)
    service.answers, service.headers = [429], {"Retry-After": "1800"}
    push()
    assert timedelta(minutes=29) < fresh(waiting).next_try_at - utcnow() <= timedelta(minutes=30)


def test_one_that_is_not_there_is_tried_until_it_is_of_no_more_use(core: Flask, cast: Cast) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    core.config["SETTINGS"] = replace(core.config["SETTINGS"], push_hosts=(nobody,))
    with transaction():
        browser(cast, utcnow(), endpoint=f"http://{nobody}/x", **KEYS)
        news(cast, utcnow(), not_after=utcnow() + timedelta(seconds=5))
    push()
    waiting = db.session.scalars(select(Push)).one()
    assert waiting.reply.startswith("No connection to the push service")
    with time_machine.travel(waiting.next_try_at):
        push()
    assert fresh(waiting).state is PushState.EXPIRED


@pytest.mark.parametrize("status", [400, 403, 413, 301])
def test_a_refusal_is_kept_with_its_reason_and_no_redirect_is_followed(
    service: PushService, cast: Cast, status: int
) -> None:
    waiting = tell(cast, service)
    service.answers, service.headers = [status], {"Location": f"http://{service.host}/elsewhere"}
    push()
    assert fresh(waiting).state is PushState.FAILED
    assert waiting.reply.startswith(str(status))
    assert [pushed.path for pushed in service.pushed] == ["/one"]


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_an_answer_without_end_is_cut_off(
    service: PushService, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "WHOLE", 0.5)
    waiting = tell(cast, service)
    service.drip = 0.05
    begun = utcnow()
    push()
    assert utcnow() - begun < timedelta(seconds=3)
    assert fresh(waiting).state is not PushState.SENDING


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_keys_that_are_none_hold_up_no_other_device(service: PushService, cast: Cast) -> None:
    with transaction():
        browser(cast, utcnow(), endpoint=f"http://{service.host}/broken")
        browser(cast, utcnow(), **service.subscription())
        news(cast, utcnow())
    assert push() == 2
    found = {row.device.endpoint.rpartition("/")[2]: row for row in db.session.scalars(select(Push))}
    assert found["broken"].state is PushState.FAILED
    assert found["one"].state is PushState.SENT


def test_an_answer_in_bytes_that_no_database_takes_is_kept_in_words(service: PushService, cast: Cast) -> None:
    waiting = tell(cast, service)
    service.answers, service.said = [403], b"no\x00thing\x1b[31m \xff here"
    push()
    assert fresh(waiting).state is PushState.FAILED
    assert waiting.device.last_reply == "403 Forbidden no thing [31m \ufffd here"


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize("date", ["Mon, 01 Jan 99999 00:00:00 GMT", f"Mon, 01 Jan {10**30} 00:00:00 GMT"])
def test_a_time_that_is_none_counts_as_none_said(service: PushService, cast: Cast, date: str) -> None:
    waiting, other = tell(cast, service), tell(cast, service)
    service.answers, service.headers = [503, 503], {"Retry-After": date}
    push()
    for one in (waiting, other):
        assert fresh(one).state is PushState.WAITING
        assert one.reply == "503 Service Unavailable"


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_what_nobody_thought_of_ends_as_refused_and_holds_up_no_other(
    service: PushService, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(context: ssl.SSLContext, *_: object, **__: object) -> None:
        raise ZeroDivisionError("as the library has it")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", broken)
    with transaction():
        browser(cast, utcnow(), endpoint=f"https://{service.host}/odd", **KEYS)
        browser(cast, utcnow(), **service.subscription())
        news(cast, utcnow())
    assert push() == 2
    found = {row.device.endpoint.rpartition("/")[2]: row for row in db.session.scalars(select(Push))}
    assert found["odd"].state is PushState.FAILED
    assert found["odd"].reply == "Something unforeseen happened: as the library has it"
    assert found["one"].state is PushState.SENT
