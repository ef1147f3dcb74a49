"""The way out of a kind of letters (RFC 8058)."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from crm.database import db, transaction
from crm.domain import subscriptions
from crm.models import Kind, MessageKind, Way
from tests.cast import Cast
from tests.domain import play
from tests.views.visitor import Visitor

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def path(cast: Cast) -> str:
    """Where Alice stops letters that say whom to ask."""
    with transaction():
        return f"/u/{subscriptions.token(cast.alice, cast.workspace.id, Kind.ASK)}"


def is_wanted(cast: Cast) -> bool:
    db.session.rollback()
    return subscriptions.way(cast.alice, cast.workspace.id, Kind.ASK) is not Way.OFF


def test_opening_the_link_changes_nothing(client: FlaskClient, path: str, cast: Cast) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "Stop these letters?" in page.text
    assert "alice@example.org" not in page.text
    assert is_wanted(cast)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_program_stops_them_with_one_post(
    client: FlaskClient, path: str, cast: Cast, content_type: str
) -> None:
    for _ in range(2):
        answer = client.post(path, data=ONE_CLICK, content_type=content_type)
        assert (answer.status_code, answer.text) == (200, "These letters are stopped.\n")
        assert "Set-Cookie" not in answer.headers
    assert not is_wanted(cast)


def test_a_person_stops_them_and_starts_them_again(client: FlaskClient, path: str, cast: Cast) -> None:
    assert "These letters are stopped" in client.post(path).text
    assert not is_wanted(cast)
    assert "Send them again" in client.get(path).text
    assert "Stop these letters?" in client.post(path, data={"again": "1"}).text
    assert is_wanted(cast)


def test_an_unknown_address_stops_nothing(client: FlaskClient) -> None:
    assert client.get("/u/nothing").status_code == 404
    assert client.post("/u/nothing", data=ONE_CLICK).status_code == 404


def test_the_headers_of_a_letter_lead_there(client: FlaskClient, cast: Cast) -> None:
    with transaction():
        (letter,) = play.write(play.local("2026-03-13 08:00"))
    assert letter.raw is not None
    head = message_from_bytes(letter.raw, policy=default)
    (address,) = re.findall(r"<([^>]+)>", head["List-Unsubscribe"])
    assert head["List-Unsubscribe"] == f"<{address}>"
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert urlsplit(address).scheme == "https"
    assert client.post(urlsplit(address).path, data=ONE_CLICK).status_code == 200
    assert not is_wanted(cast)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_post_asks_for_no_cookie_and_is_sent_nowhere_else(
    bob: Visitor, path: str, cast: Cast, content_type: str
) -> None:
    headers = {"X-CSRFToken": "", "Origin": "https://mail.example", "Content-Type": content_type}
    answer = bob.post(path, data=ONE_CLICK, headers=headers)
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert not is_wanted(cast)
    with transaction():
        assert subscriptions.way(cast.bob, cast.bobs_workspace.id, Kind.ASK) is Way.LETTER


def test_programs_that_open_or_try_the_link_change_nothing(
    client: FlaskClient, path: str, cast: Cast
) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        for _ in range(2):
            client.open(path, method=method)
    assert is_wanted(cast)


def test_what_was_stopped_stays_as_it_was_in_other_kinds(client: FlaskClient, path: str, cast: Cast) -> None:
    client.post(path, data=ONE_CLICK)
    db.session.rollback()
    ways = subscriptions.ways(cast.alice, cast.workspace.id)
    assert [kind for kind, way in ways.items() if way is Way.OFF] == [MessageKind.ASK, MessageKind.LOOK_AHEAD]


def test_the_page_is_kept_and_listed_nowhere_and_runs_nothing(client: FlaskClient, path: str) -> None:
    for page in (client.get(path), client.post(path)):
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in page.headers
        assert "app.js" not in page.text
