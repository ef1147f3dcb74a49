"""Calendars as programs fetch them (contract, Calendar)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from crm.database import db, transaction
from crm.domain import contacts, feeds, interviews
from crm.models import Feed, Interview
from crm.views.feeds.fetching import AN_HOUR
from tests.cast import Cast
from tests.counting import statements
from tests.views.things import HOUSE
from tests.views.visitor import Visitor

pytestmark = pytest.mark.usefixtures("present")

VERBS = ("POST", "PUT", "DELETE", "PATCH", "OPTIONS")


@pytest.fixture
def talk(cast: Cast, now: datetime) -> Interview:
    """Alice meets Ada in three days."""
    start = now + timedelta(days=3)
    with transaction():
        return interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=now, house=HOUSE, invite=False)


@pytest.fixture
def path(cast: Cast, talk: Interview, now: datetime) -> str:
    """The address of Alice's subscription."""
    with transaction():
        _, secret = feeds.add(cast.workspace, cast.alice, {"name": "Phone"}, now=now)
    return f"/feeds/{secret}.ics"


def test_a_program_gets_the_talks_as_a_calendar(client: FlaskClient, path: str, talk: Interview) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert f"UID:{talk.uid}\r\n" in answer.text
    assert "METHOD" not in answer.text


def test_its_headers_keep_caches_robots_and_cookies_away(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Content-Disposition"] == 'inline; filename="fika.ics"'
    for name in ("Last-Modified", "Vary", "Set-Cookie", "Content-Encoding", "Location"):
        assert name not in answer.headers


def test_a_signed_in_browser_gets_no_cookie_either(alice: Visitor, path: str) -> None:
    answer = alice.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_the_etag_is_strong_and_another_one_for_other_bytes(
    client: FlaskClient, path: str, talk: Interview, now: datetime
) -> None:
    before = client.get(path)
    assert re.fullmatch('"[0-9a-f]{64}"', before.headers["ETag"])
    with transaction():
        contacts.change(talk.contact, {"phone": "555-0100"}, by=talk.contact.owner, now=now)
    after = client.get(path)
    assert after.data != before.data
    assert after.headers["ETag"] != before.headers["ETag"]
    with transaction():
        contacts.change(talk.contact, {"phone": None}, by=talk.contact.owner, now=now)
    again = client.get(path)
    assert (again.data, again.headers["ETag"]) == (before.data, before.headers["ETag"])


@pytest.mark.parametrize("pattern", ['"{}"', 'W/"{}"', '"other", "{}"', '"other",W/"{}" , "third"', "*"])
def test_who_has_it_gets_304(client: FlaskClient, path: str, pattern: str) -> None:
    etag = client.get(path).headers["ETag"]
    answer = client.get(path, headers={"If-None-Match": pattern.format(etag.strip('"'))})
    assert answer.status_code == 304
    assert answer.data == b""
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_date_does_not_stand_in_for_the_etag(client: FlaskClient, path: str) -> None:
    later = {"If-Modified-Since": "Wed, 21 Oct 2037 07:28:00 GMT"}
    assert client.get(path, headers=later).status_code == 200
    assert client.get(path, headers={**later, "If-None-Match": '"other"'}).status_code == 200


def test_head_answers_as_get_without_a_body(client: FlaskClient, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.data))
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert client.head(path, headers={"If-None-Match": head.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("verb", [*VERBS, "PROPFIND", "REPORT"])
def test_other_methods_are_405(client: FlaskClient, path: str, verb: str) -> None:
    answer = client.open(path, method=verb)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_the_same_data_on_the_same_day_is_the_same_bytes(client: FlaskClient, path: str) -> None:
    first = client.get(path).data
    with time_machine.travel(datetime.fromisoformat("2026-03-10T23:59:00+00:00"), tick=False):
        assert client.get(path).data == first


def test_a_replaced_address_is_gone_and_an_unknown_one_was_never_there(
    client: FlaskClient, path: str, now: datetime
) -> None:
    with transaction():
        feed = db.session.query(Feed).one()
        other = f"/feeds/{feeds.rotate(feed, now=now)}.ics"
    assert client.get(path).status_code == 410
    assert client.get(other).status_code == 200
    with transaction():
        feeds.remove(feed, now=now)
    assert client.get(other).status_code == 410
    assert client.get("/feeds/nothing.ics").status_code == 404
    assert client.get(f"{other}/").status_code == 404


def test_without_talks_it_is_still_a_calendar(
    client: FlaskClient, path: str, cast: Cast, now: datetime
) -> None:
    with transaction():
        contacts.delete(cast.ada, by=cast.alice, now=now)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.text.count("BEGIN:VTIMEZONE") == 1
    assert "VEVENT" not in answer.text


def test_trouble_of_our_own_is_503_and_never_an_empty_calendar(
    web: Flask, client: FlaskClient, path: str
) -> None:
    with web.app_context():
        engine = db.engine

    def break_it(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "interviews" in statement:
            raise RuntimeError("a mistake of ours")

    event.listen(engine, "before_cursor_execute", break_it)
    try:
        answer = client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", break_it)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "VCALENDAR" not in answer.text


def test_the_last_fetch_is_written_at_most_once_a_minute(
    client: FlaskClient, path: str, now: datetime
) -> None:
    def last() -> datetime | None:
        db.session.rollback()
        return db.session.scalars(select(Feed.last_fetched_at)).one()

    client.get(path)
    assert last() == now
    with time_machine.travel(now + timedelta(seconds=59), tick=False):
        client.get(path)
    assert last() == now
    with time_machine.travel(now + timedelta(seconds=60), tick=False):
        client.get(path)
    assert last() == now + timedelta(seconds=60)


def test_a_paused_calendar_asks_programs_to_come_again(client: FlaskClient, path: str, now: datetime) -> None:
    whole = client.get(path)
    with transaction():
        feeds.pause(db.session.query(Feed).one(), now=now)
    answer = client.get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    with transaction():
        feeds.resume(db.session.query(Feed).one())
    assert client.get(path).data == whole.data


def test_whoever_asks_far_too_often_is_told_when_to_come_again(client: FlaskClient, path: str) -> None:
    for _ in range(AN_HOUR):
        assert client.head(path).status_code == 200
    answer = client.get(path)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    with time_machine.travel(datetime.fromisoformat("2026-03-10T09:01:00+00:00"), tick=False):
        assert client.get(path).status_code == 200


def test_an_unchanged_calendar_asks_for_nothing_but_its_address(client: FlaskClient, path: str) -> None:
    client.get(path)
    with statements() as seen:
        assert client.get(path).status_code == 200
    assert seen == []


def test_a_change_is_seen_at_once_without_a_worker(
    client: FlaskClient, path: str, talk: Interview, now: datetime
) -> None:
    etag = client.get(path).headers["ETag"]
    with transaction():
        contacts.change(talk.contact, {"name": "Ada Obi"}, by=talk.contact.owner, now=now)
    answer = client.get(path, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "SUMMARY:Interview with Ada Obi\r\n" in answer.text


def test_the_secret_of_an_address_is_in_no_log(
    web: Flask, client: FlaskClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with web.app_context():
        engine = db.engine

    def break_it(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    client.get(path)
    event.listen(engine, "checkout", break_it)
    try:
        assert client.get(path).status_code == 503
    finally:
        event.remove(engine, "checkout", break_it)
    assert path.removeprefix("/feeds/").removesuffix(".ics") not in caplog.text
