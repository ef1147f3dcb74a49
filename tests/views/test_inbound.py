"""Mail as mail servers post it, exactly as the contract says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm.database import db
from crm.domain import inbox
from crm.models import Came, Received
from tests.cast import Cast
from tests.domain.inbox.mails import plain

SECRET = "a secret of this installation"
MB = 1024 * 1024


@pytest.fixture
def door(make: Callable[..., Flask], cast: Cast) -> FlaskClient:
    """A mail server at our door."""
    return make(inbound_secret=SECRET, mail_from="crm@fika.example").test_client()


def post(door: FlaskClient, raw: bytes, secret: str = SECRET, kind: str = "message/rfc822") -> int:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    answer = door.post("/inbound/mime", data=raw, headers=headers, content_type=kind)
    assert "Set-Cookie" not in answer.headers
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["detail"]
    return answer.status_code


def kinds() -> list[Came]:
    db.session.expire_all()
    return list(db.session.scalars(select(Received.kind)))


def test_a_message_is_taken_in_once(door: FlaskClient) -> None:
    assert post(door, plain()) == 202
    assert post(door, plain()) == 202
    assert kinds() == [Came.REPLY]


def test_without_the_setting_there_is_no_such_door(client: FlaskClient, cast: Cast) -> None:
    assert post(client, plain()) == 404


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "é"])
def test_without_the_secret_nothing_is_looked_at(door: FlaskClient, secret: str) -> None:
    assert post(door, b"x" * 26 * MB, secret=secret.encode().decode("latin-1"), kind="text/plain") == 401
    assert not kinds()


def test_what_is_no_message_is_refused(door: FlaskClient) -> None:
    assert post(door, b"hello") == 422
    assert post(door, b"") == 422


def test_other_kinds_and_sizes_are_refused(door: FlaskClient) -> None:
    assert post(door, plain(), kind="application/json") == 415
    assert post(door, plain("x" * 26 * MB)) == 413
    assert post(door, plain("x" * 20 * MB)) == 202


def test_it_is_not_limited(door: FlaskClient) -> None:
    assert {post(door, plain(f"Number {number}")) for number in range(70)} == {202}


def test_nothing_but_posting_is_answered(door: FlaskClient) -> None:
    assert door.get("/inbound/mime").status_code == 405


def test_what_concerns_nobody_is_taken_too(door: FlaskClient) -> None:
    assert post(door, plain(sender="stranger@example.net")) == 202
    assert kinds() == [Came.UNKNOWN]


def test_what_was_not_kept_is_not_called_taken(door: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, refused = inbox.take, IntegrityError("INSERT", {}, Exception("another row has this key"))

    def refusing(*_given: Any, **_facts: Any) -> Any:
        raise refused

    monkeypatch.setattr(inbox, "take", refusing)
    assert post(door, plain()) == 503
    monkeypatch.setattr(inbox, "take", whole)
    assert post(door, plain()) == 202
    assert kinds() == [Came.REPLY]
