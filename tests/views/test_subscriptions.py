"""The way out of a kind of letters (RFC 8058)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from crm.database import db, transaction
from crm.domain import subscriptions
from crm.models import Kind, Way
from tests.cast import Cast

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
