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
from crm.domain import contacts
from crm.models import Contact, Stage
from tests.cast import Cast
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


def test_a_drop_is_answered_with_both_columns_and_an_undo(alice: Visitor, cast: Cast) -> None:
    answer = move(alice, cast.ada, "agreed", BOARD, was="located")
    assert answer.status_code == 200
    assert re.findall(r'id="column-(\w+)"', text(answer)) == ["located", "agreed"]
    assert "Ada Okafor is now in Agreed." in text(answer)
    assert f'href="/contacts/{cast.ada.id}/interviews/new"' in text(answer)
    assert undo_of(answer)


def test_a_drop_on_a_filtered_board_is_answered_by_the_same_filter(
    alice: Visitor, cast: Cast, now: datetime
) -> None:
    with transaction():
        add(cast, "Grace Hopper", now)
    headers = {**BOARD, "HX-Current-URL": "http://localhost/board?q=ada"}
    answer = move(alice, cast.ada, "agreed", headers)
    assert "Ada Okafor" in text(answer)
    assert "Grace Hopper" not in text(answer)


def test_a_drop_to_interviewed_asks_when_it_ended(alice: Visitor, cast: Cast) -> None:
    answer = move(alice, cast.ada, "interviewed", BOARD)
    assert "Say thank you within 24 hours." in text(answer)
    assert re.search(r'href="/interviews/\d+/complete"', text(answer))


def test_a_drop_back_needs_a_reason(alice: Visitor, cast: Cast) -> None:
    move(alice, cast.ada, "agreed", BOARD)
    answer = move(alice, cast.ada, "located", BOARD)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["needs"] == ["reason"]


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("stage", "was", "status", "sentence"),
    [
        ("thanked", "", 409, "nothing to thank for"),
        ("agreed", "thanked", 409, "was moved to Located meanwhile"),
        ("nowhere", "", 422, "one of the five stages"),
        ("agreed", "nowhere", 422, "one of the five stages"),
        ("", "", 422, "one of the five stages"),
    ],
)
def test_a_refused_drop_says_why(
    alice: Visitor, cast: Cast, stage: str, was: str, status: int, sentence: str
) -> None:
    answer = move(alice, cast.ada, stage, BOARD, was=was)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json is not None
    assert sentence in answer.json["detail"]


def test_a_closed_contact_does_not_move(alice: Visitor, cast: Cast, now: datetime) -> None:
    with transaction():
        contacts.change(cast.ada, {"closed": "parked"}, by=cast.alice, now=now)
    answer = move(alice, cast.ada, "agreed", BOARD)
    assert answer.status_code == 409
    assert answer.json is not None
    assert "Reopen the contact first" in answer.json["detail"]
    assert "Reopen" in text(alice.get(f"/contacts/{cast.ada.id}/move"))


def test_the_same_drop_twice_is_one_move(alice: Visitor, cast: Cast) -> None:
    move(alice, cast.ada, "agreed", BOARD, was="located")
    again = move(alice, cast.ada, "agreed", BOARD, was="located")
    assert again.status_code == 200
    assert "is now in" not in text(again)


def test_an_undone_drop_is_as_if_it_had_not_been(alice: Visitor, cast: Cast) -> None:
    address = undo_of(move(alice, cast.ada, "interviewed", BOARD))
    headers = {"HX-Current-URL": "http://localhost/board?q=ada"}
    answer = alice.post(address, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/board?q=ada")
    assert stage_of(cast) is Stage.LOCATED
    assert "Ada Okafor is back in Located." in text(alice.get("/board"))


def test_an_undo_that_comes_too_late_says_so(alice: Visitor, cast: Cast) -> None:
    address = undo_of(move(alice, cast.ada, "agreed", BOARD))
    move(alice, cast.ada, "interviewed", BOARD)
    answer = alice.post(address, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert stage_of(cast) is Stage.INTERVIEWED


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize("change", ["", "9" * 40, "abc", "1"])
def test_an_undo_of_nothing_is_not_there(alice: Visitor, cast: Cast, change: str) -> None:
    assert alice.post(f"/contacts/{cast.ada.id}/stage/undo?change={change}").status_code == 404


def test_the_form_moves_without_script_and_leads_back(alice: Visitor, cast: Cast) -> None:
    address = f"/contacts/{cast.ada.id}/move"
    page = text(alice.get(address, headers={"Referer": "http://localhost/board?tag=x"}))
    assert 'name="next" value="/board?tag=x"' in page
    answer = move(alice, cast.ada, "agreed", was="located", next="/board?tag=x", at="2026-03-10T10:30")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/board?tag=x")
    db.session.rollback()
    # 10:30 on Alice's wall in Stockholm.
    assert f"{contacts.get(cast.workspace, cast.ada.id).stage_since:%H:%M}" == "09:30"


def test_the_form_comes_back_with_what_was_typed(alice: Visitor, cast: Cast) -> None:
    move(alice, cast.ada, "agreed", BOARD)
    answer = move(alice, cast.ada, "located", at="2026-03-10T09:00")
    assert answer.status_code == 422
    assert "Say in a few words why" in text(answer)
    assert 'value="2026-03-10T09:00"' in text(answer)
    assert re.search(r'value="located"\s+checked', text(answer))


def test_a_move_that_is_not_allowed_keeps_the_form(alice: Visitor, cast: Cast) -> None:
    answer = move(alice, cast.ada, "thanked", was="located", next="/board")
    assert answer.status_code == 409
    assert "nothing to thank for" in text(answer)


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize("at", ["2100-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "soon"])
def test_a_time_that_nobody_means_is_told_beside_its_field(alice: Visitor, cast: Cast, at: str) -> None:
    answer = move(alice, cast.ada, "agreed", at=at)
    assert answer.status_code == 422
    assert 'id="at-error"' in text(answer)
    assert stage_of(cast) is Stage.LOCATED


def test_a_link_to_the_form_may_choose_the_stage(alice: Visitor, cast: Cast) -> None:
    page = text(alice.get(f"/contacts/{cast.ada.id}/move?to=reconnected"))
    assert re.search(r'value="reconnected"\s+checked', page)


def test_the_toast_of_a_right_to_left_name_keeps_its_sentence(
    alice: Visitor, cast: Cast, now: datetime
) -> None:
    with transaction():
        other = add(cast, "محمد", now)
    assert "\u2068محمد\u2069 is now in Agreed." in text(move(alice, other, "agreed", BOARD))
