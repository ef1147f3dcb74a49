"""The first account, and further ones where the installation lets people in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from crm.database import db
from crm.domain import accounts
from crm.models import User
from crm.settings import Settings, SignUp
from tests.cast import Cast
from tests.views.mailbox import PASSWORD, is_in
from tests.views.visitor import Visitor, visit

FORM = {"name": "Alice", "email": "Alice@Example.org", "password": PASSWORD, "timezone": "Europe/Berlin"}


def test_the_first_visit_leads_to_the_first_account(nobody: Visitor) -> None:
    answer = nobody.get("/settings", follow_redirects=True)
    assert answer.request.path == "/sign-up"
    assert "Create the first account" in answer.text
    assert nobody.get("/sign-in").headers["Location"] == "/sign-up"


def test_signing_up_makes_an_owner_who_is_signed_in(nobody: Visitor, core: Flask) -> None:
    assert nobody.post("/sign-up", data=FORM).status_code == 303
    user = accounts.by_email("alice@example.org")
    assert user is not None
    assert user.is_owner
    assert user.timezone == "Europe/Berlin"
    assert str(user.password).startswith("$argon2id$")
    assert is_in(nobody)


def test_a_form_with_mistakes_says_all_of_them_and_keeps_what_was_typed(nobody: Visitor) -> None:
    answer = nobody.post("/sign-up", data={**FORM, "email": "alice@", "password": "short", "timezone": "X/Y"})
    assert answer.status_code == 422
    assert "is not an e-mail address" in answer.text
    assert "Choose at least 8 characters" in answer.text
    assert "is not a time zone" in answer.text
    assert 'value="Alice"' in answer.text


def test_only_the_first_account_is_made_by_default(nobody: Visitor, cast: Cast) -> None:
    for answer in (nobody.get("/sign-up"), nobody.post("/sign-up", data=FORM)):
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/sign-in"
    assert accounts.by_email("alice@example.org") is not None
    assert len(db.session.scalars(select(User)).all()) == 2


def test_an_open_house_lets_anybody_in(nobody: Visitor, cast: Cast, web: Flask, pair: Settings) -> None:
    web.config["SETTINGS"] = replace(pair, sign_up=SignUp.OPEN)
    try:
        known = nobody.post("/sign-up", data=FORM)
        assert known.status_code == 422
        assert "There is an account with this address already" in known.text
        assert nobody.post("/sign-up", data={**FORM, "email": "carol@example.org"}).status_code == 303
    finally:
        web.config["SETTINGS"] = pair
    carol = accounts.by_email("carol@example.org")
    assert carol is not None
    assert not carol.is_owner


def test_of_two_who_come_at_once_one_is_the_first(web: Flask, core: Flask) -> None:
    def come(number: int) -> int:
        return visit(web).post("/sign-up", data={**FORM, "email": f"{number}@example.org"}).status_code

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(come, range(4)))
    assert answers == [303] * 4
    assert len(db.session.scalars(select(User)).all()) == 1
