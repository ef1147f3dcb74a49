"""Signing in and out."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from flask import Flask

from crm.database import transaction
from tests.cast import Cast
from tests.services.run import free_port
from tests.views.mailbox import PASSWORD, is_in, sign_in
from tests.views.visitor import Visitor, visit


def test_signing_in_goes_on_to_the_page_that_was_asked_for(nobody: Visitor, known: Cast) -> None:
    there = nobody.get("/settings?x=1").headers["Location"]
    assert there == "/sign-in?next=/settings?x%3D1"
    page = nobody.get(there).text
    assert 'value="/settings?x=1"' in page
    form = {"email": "ALICE@example.org ", "password": PASSWORD, "next": "/settings?x=1"}
    assert nobody.post("/sign-in", data=form).headers["Location"] == "/settings?x=1"
    assert is_in(nobody)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_signing_in_never_leads_to_another_site(nobody: Visitor, known: Cast, elsewhere: str) -> None:
    form = {"email": "alice@example.org", "password": PASSWORD, "next": elsewhere}
    assert nobody.post("/sign-in", data=form).headers["Location"] in ("/", "/%5Cevil.example")


def test_wrong_addresses_and_wrong_passwords_look_the_same(web: Flask, known: Cast) -> None:
    pages = [
        visit(web).post("/sign-in", data={"email": "alice@example.org", "password": address})
        for address in ("not the password", "")
    ]
    unknown = visit(web).post("/sign-in", data={"email": "alice@example.org", "password": "not the password"})
    pages[1] = visit(web).post(
        "/sign-in", data={"email": "nobody@example.org", "password": "not the password"}
    )
    sentence = "This address and this password do not go together"
    assert [page.status_code for page in (*pages, unknown)] == [422] * 3
    assert all(sentence in page.text for page in (*pages, unknown))


def test_a_user_who_was_switched_off_cannot_come_in(nobody: Visitor, known: Cast) -> None:
    with transaction():
        known.alice.active = False
    assert sign_in(nobody) == 422


def test_switching_a_user_off_ends_their_session(alice: Visitor, cast: Cast) -> None:
    assert is_in(alice)
    with transaction():
        cast.alice.active = False
    assert not is_in(alice)


def test_signing_out_ends_the_session(alice: Visitor) -> None:
    assert alice.post("/sign-out").headers["Location"] == "/sign-in"
    assert not is_in(alice)
    assert alice.get("/sign-out").status_code == 405


def test_a_form_without_its_token_changes_nothing(web: Flask, known: Cast) -> None:
    answer = web.test_client().post("/sign-in", data={"email": "alice@example.org", "password": PASSWORD})
    assert answer.status_code == 400
    assert "This page was open for too long" in answer.text


def test_guessing_is_slowed_down_for_one_account_from_one_place(web: Flask, known: Cast) -> None:
    guesser = visit(web)
    for _ in range(10):
        assert sign_in(guesser, password="a wrong guess") == 422
    answer = guesser.post("/sign-in", data={"email": "alice@example.org", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Wait a few minutes" in answer.text
    assert sign_in(visit(web), "bob@example.org") == 302


def test_signing_in_rightly_is_not_counted(web: Flask, known: Cast) -> None:
    for _ in range(11):
        assert sign_in(visit(web)) == 302


def test_the_cookie_is_kept_from_scripts_and_other_sites(nobody: Visitor, known: Cast) -> None:
    answer = nobody.post("/sign-in", data={"email": "alice@example.org", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


@pytest.mark.parametrize(
    ("referrer", "status"), [("https://fika.example.org/sign-in", 302), ("https://evil.example/", 400)]
)
def test_behind_a_proxy_that_ends_tls_forms_come_from_our_own_pages(
    make: Callable[..., Flask], known: Cast, referrer: str, status: int
) -> None:
    client = make(base_url="https://fika.example.org", trusted_proxies=1).test_client()
    proxy = {"Host": "fika.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    page = client.get("/sign-in", headers=proxy)
    cookie = page.headers["Set-Cookie"]
    assert "Secure" in cookie
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    form = {"email": "alice@example.org", "password": PASSWORD, "csrf_token": token[1]}
    headers = {**proxy, "Referer": referrer, "Cookie": cookie.partition(";")[0]}
    answer = client.post("/sign-in", data=form, headers=headers)
    assert answer.status_code == status
    if status == 302:
        assert answer.headers["Location"] == "/"


def test_without_the_broker_guesses_are_still_counted_and_nobody_waits(
    make: Callable[..., Flask], known: Cast
) -> None:
    without_broker = make(redis_url=f"redis://127.0.0.1:{free_port()}/0")
    began = time.monotonic()
    assert sign_in(visit(without_broker)) == 302
    assert time.monotonic() - began < 3
    guesses = [sign_in(visit(without_broker), password="a wrong guess") for _ in range(11)]
    assert guesses == [422] * 10 + [429]
