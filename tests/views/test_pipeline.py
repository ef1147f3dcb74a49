"""The board as a page: what it costs, and how it stays true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from werkzeug.test import TestResponse

from crm.database import db, transaction
from crm.domain import campaigns, contacts, pipeline
from crm.models import Contact, Stage
from tests.cast import Cast
from tests.counting import statements
from tests.views.visitor import Visitor

BOARD = {"HX-Target": "board", "HX-Request": "true"}


@pytest.fixture(autouse=True)
def _present(now: datetime) -> Iterator[None]:
    """An hour after the cast came on."""
    with time_machine.travel(now + timedelta(hours=1)):
        yield


def move(visitor: Visitor, contact: Contact, stage: str, headers: Any = None, **more: str) -> TestResponse:
    return visitor.post(f"/contacts/{contact.id}/stage", data={"stage": stage, **more}, headers=headers or {})


def stage_of(cast: Cast) -> Stage:
    db.session.rollback()
    db.session.expire_all()
    return contacts.get(cast.workspace, cast.ada.id).stage


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def undo_of(answer: TestResponse) -> str:
    found = re.search(r'action="(/contacts/\d+/stage/undo\?change=\d+)"', text(answer))
    assert found
    return found[1]


def add(cast: Cast, name: str, now: datetime, **facts: Any) -> Contact:
    return contacts.add(cast.workspace, {"name": name, **facts}, by=cast.alice, now=now)


def test_the_whole_board_takes_six_statements_at_most(alice: Visitor, cast: Cast, now: datetime) -> None:
    with transaction():
        water = campaigns.add(cast.workspace, {"name": "Water"}, now=now)
        for number in range(30):
            add(
                cast,
                f"Person {number}",
                now,
                tags=["a", "b"],
                organisation=f"Place {number}",
                campaigns=[water.id],
            )
    db.session.remove()
    with statements() as seen:
        answer = alice.get("/")
    assert text(answer).count('class="card"') == 31
    assert len(seen) <= 6, "\n\n".join(seen)


def test_asking_whether_the_board_has_changed_takes_three_statements(alice: Visitor) -> None:
    with statements() as seen:
        assert alice.get("/board", headers=BOARD).status_code == 200
    assert len(seen) <= 3, "\n\n".join(seen)


def test_a_board_that_has_not_changed_is_not_sent_again(alice: Visitor, cast: Cast, now: datetime) -> None:
    first = alice.get("/board", headers=BOARD)
    assert 'id="board"' in text(first)
    assert "<html" not in text(first)
    assert f'data-version="{first.get_etag()[0]}"' in text(first)
    etag = first.headers["ETag"]
    again = alice.get("/board", headers={**BOARD, "If-None-Match": etag})
    assert (again.status_code, text(again)) == (304, "")
    move(alice, cast.ada, "agreed", BOARD)
    changed = alice.get("/board", headers={**BOARD, "If-None-Match": etag})
    assert changed.status_code == 200


def test_a_board_on_which_something_has_come_late_is_sent_again(alice: Visitor, now: datetime) -> None:
    etag = alice.get("/board", headers=BOARD).headers["ETag"]
    with time_machine.travel(now + timedelta(days=20)):
        assert alice.get("/board", headers={**BOARD, "If-None-Match": etag}).status_code == 200


def test_page_and_columns_of_one_address_are_kept_apart(alice: Visitor) -> None:
    assert "HX-Target" in alice.get("/board").headers["Vary"]
    assert "ETag" not in alice.get("/board").headers


def test_an_empty_workspace_is_welcomed_with_three_steps(bob: Visitor) -> None:
    page = text(bob.get("/"))
    assert "Welcome to Fika" in page
    for address in ("/campaigns/new", "/imports/new", "/contacts/new"):
        assert f'href="{address}"' in page


def test_a_long_column_can_be_opened(
    alice: Visitor, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.domain.board.SHOWN", 1)
    with transaction():
        pipeline.move(add(cast, "Grace", now), Stage.AGREED, by=cast.alice, now=now)
        add(cast, "Hedy", now)
    page = text(alice.get("/board"))
    assert 'href="/board?more=located"' in page
    opened = text(alice.get("/board?more=located"))
    assert opened.count('class="card"') == 3
    assert "more=located" in re.findall(r'data-refresh="([^"]+)"', opened)[0]


def test_odd_filters_exclude_nothing(alice: Visitor) -> None:
    for query in (
        "campaign=abc",
        "campaign=" + "9" * 30,
        "campaign=" + "9" * 18,
        "closed=x",
        "stage=x",
        "more=x",
    ):
        assert "Ada Okafor" in text(alice.get(f"/board?{query}"))
