"""The mail server's page: for the owner, how letters get out; for all others it is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from crm.database import db, transaction, utcnow
from crm.domain import mail
from crm.models import MessageState
from tests.cast import Cast
from tests.views.things import letter
from tests.views.visitor import Visitor


def rate() -> int | None:
    db.session.rollback()
    db.session.expire_all()
    return mail.channel().per_hour


def test_it_is_the_owners_alone(alice: Visitor, bob: Visitor) -> None:
    assert 'href="/settings/mail"' in alice.get("/settings").text
    assert 'href="/settings/mail"' not in bob.get("/settings").text
    assert bob.get("/settings/mail").status_code == 404
    assert bob.post("/settings/mail", data={"per_hour": "1"}).status_code == 404
    assert rate() is None


def test_a_rate_is_set_and_taken_back(alice: Visitor, cast: Cast) -> None:
    assert alice.post("/settings/mail", data={"per_hour": " 200 "}).status_code == 303
    assert rate() == 200
    assert 'value="200"' in alice.get("/settings/mail").text
    alice.post("/settings/mail", data={"per_hour": ""})
    assert rate() is None


@pytest.mark.parametrize("wrong", ["0", "-3", "many", "1.5", "9" * 30, "٣"])
def test_what_is_no_rate_stays_in_its_field_with_a_sentence(alice: Visitor, wrong: str) -> None:
    answer = alice.post("/settings/mail", data={"per_hour": wrong})
    assert answer.status_code == 422
    assert "leave it empty for no limit" in answer.text
    assert wrong in answer.text
    assert rate() is None


def test_it_tells_why_nothing_gets_through(web: Flask, alice: Visitor) -> None:
    with transaction():
        mail.stop_channel("535 5.7.8 wrong password", now=utcnow(), probe_after=timedelta(seconds=9))
    page = _sending(web, alice)
    assert "stopped since" in page
    assert page.count("535 5.7.8 wrong password") == 1


def test_it_tells_which_guarantee_holds(web: Flask, alice: Visitor) -> None:
    assert "a letter to a contact is <strong>never</strong> repeated by itself" in _sending(web, alice)
    page = _sending(web, alice, mail_journal="journal@fika.example", mail_journal_grace=600)
    assert "exactly once" in page
    assert "after 10 minutes had not left" in page


def test_it_tells_of_a_letter_in_doubt(alice: Visitor, cast: Cast) -> None:
    reply = "The journal could not be read: refused"
    with transaction():
        letter(cast, utcnow(), state=MessageState.DOUBTFUL, doubtful_since=utcnow(), server_reply=reply)
    assert reply in alice.get("/settings/mail").text


def _sending(web: Flask, alice: Visitor, **settings: object) -> str:
    before = web.config["SETTINGS"]
    web.config["SETTINGS"] = replace(before, smtp_url="smtp://127.0.0.1:25", **settings)
    try:
        return alice.get("/settings/mail").text
    finally:
        web.config["SETTINGS"] = before
