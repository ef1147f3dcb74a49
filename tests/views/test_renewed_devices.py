"""A push service gives a browser another address: the browser says so itself, without anybody signed in."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from crm import vapid
from crm.database import db, transaction
from crm.models import Device, Push
from tests.cast import Cast
from tests.views.things import browser, news
from tests.views.visitor import Visitor

PATH = "/settings/notifications/renewed"
FRESH = {"endpoint": "https://8.8.8.8/fresh", "p256dh": vapid.public_key("x"), "auth": "A" * 22}


def known(cast: Cast, now: datetime, endpoint: str = "https://push.example.net/old") -> int:
    with transaction():
        return browser(cast, now, endpoint=endpoint).id


def found() -> list[Device]:
    db.session.rollback()
    return list(db.session.scalars(select(Device).order_by(Device.id)))


def test_the_device_stays_and_so_does_what_is_on_its_way(nobody: Visitor, cast: Cast, now: datetime) -> None:
    device_id = known(cast, now)
    with transaction():
        news(cast, now)
    answer = nobody.post(PATH, data={"old": "https://push.example.net/old", **FRESH})
    assert answer.status_code == 204
    assert "Set-Cookie" not in answer.headers
    (device,) = found()
    assert (device.id, device.user_id, device.name) == (device_id, cast.alice.id, "Firefox on Linux")
    assert {name: getattr(device, name) for name in FRESH} == FRESH
    assert db.session.scalars(select(Push)).one().device_id == device_id


def test_said_twice_it_is_one_device(nobody: Visitor, cast: Cast, now: datetime) -> None:
    known(cast, now)
    known(cast, now, FRESH["endpoint"])
    assert nobody.post(PATH, data={"old": "https://push.example.net/old", **FRESH}).status_code == 204
    assert nobody.post(PATH, data={"old": FRESH["endpoint"], **FRESH}).status_code == 204
    assert [device.endpoint for device in found()] == [FRESH["endpoint"]]


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"old": "https://push.example.net/another"}, 404),
        ({"old": ""}, 404),
        ({"endpoint": "https://127.0.0.1/x"}, 422),
        ({"p256dh": "AAAA"}, 422),
    ],
)
def test_who_does_not_know_the_old_address_or_gives_a_bad_one_changes_nothing(
    nobody: Visitor, cast: Cast, now: datetime, facts: dict[str, str], status: int
) -> None:
    known(cast, now)
    answer = nobody.post(PATH, data={"old": "https://push.example.net/old", **FRESH, **facts})
    assert answer.status_code == status
    assert [device.endpoint for device in found()] == ["https://push.example.net/old"]
