"""The ways back in: a forgotten password, a new one, another address."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask

from crm.database import db
from tests.cast import Cast
from tests.views.conftest import DEAR
from tests.views.mailbox import NEW_PASSWORD, PASSWORD, is_in, letters_to, link_in, sign_in, text_of
from tests.views.visitor import visit


def test_a_reset_letter_lets_one_choose_a_new_password_once(web: Flask, known: Cast) -> None:
    stays, forgets = visit(web, known.alice), visit(web)
    answer = forgets.post("/forgot", data={"email": "alice@example.org"})
    assert answer.status_code == 303
    assert "a letter with a link is on its way" in forgets.get("/forgot").text
    (letter,) = letters_to("alice@example.org")
    link = link_in(letter)
    assert forgets.get(link).status_code == 200
    assert forgets.post(link, data={"password": "short"}).status_code == 422
    assert forgets.post(link, data={"password": NEW_PASSWORD}).headers["Location"] == "/sign-in"
    assert not is_in(stays)
    assert sign_in(forgets) == 422
    assert sign_in(forgets, password=NEW_PASSWORD) == 302
    again = visit(web).post(link, data={"password": PASSWORD}, follow_redirects=True)
    assert "This link was used already" in again.text
    assert [message.subject for message in letters_to("alice@example.org")] == [
        "Choose a new password for Fika",
        "Your password for Fika was changed",
    ]


def test_a_reset_link_works_for_an_hour(web: Flask, known: Cast) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        visit(web).post("/forgot", data={"email": "alice@example.org"})
        link = link_in(letters_to("alice@example.org")[0])
        clock.shift(timedelta(minutes=59))
        assert visit(web).get(link).status_code == 200
        clock.shift(timedelta(minutes=2))
        late = visit(web).get(link, follow_redirects=True)
        assert late.request.path == "/forgot"
        assert "more than an hour ago" in late.text


def test_forgetting_reveals_nothing_about_which_addresses_exist(web: Flask, known: Cast) -> None:
    pages = []
    for address in ("alice@example.org", "nobody@example.org"):
        visitor = visit(web)
        sent = visitor.post("/forgot", data={"email": address})
        page = re.sub(r'(content|value)="[^"]{40,}"', "", visitor.get("/forgot").text).replace(address, "")
        pages.append((sent.status_code, sent.headers["Location"], page))
    assert pages[0] == pages[1]
    assert letters_to("nobody@example.org") == []


def test_known_and_unknown_addresses_take_about_as_long(web: Flask, known: Cast) -> None:
    spent = {"alice@example.org": 0.0, "nobody@example.org": 0.0}
    web.extensions["security"].pwd_context.update(**DEAR)
    visit(web).post("/forgot", data={"email": "bob@example.org"})
    for _ in range(4):
        for address in spent:
            begin = time.perf_counter()
            visit(web).post("/forgot", data={"email": address})
            spent[address] += time.perf_counter() - begin
    short, long = sorted(spent.values())
    assert long < 2.5 * short


def test_nobodys_mailbox_is_filled_by_others(web: Flask, known: Cast) -> None:
    answers = [visit(web).post("/forgot", data={"email": "alice@example.org"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert len(letters_to("alice@example.org")) == 5


def test_links_are_made_of_our_own_address_whatever_host_was_asked(web: Flask, known: Cast) -> None:
    visitor = visit(web)
    cookie = visitor.get_cookie("fika")
    assert cookie is not None
    visitor.set_cookie("fika", cookie.value, domain="evil.example")
    form = {"email": "alice@example.org"}
    assert visitor.post("/forgot", data=form, headers={"Host": "evil.example"}).status_code == 303
    assert "evil.example" not in text_of(letters_to("alice@example.org")[0])


def test_account_letters_stand_in_the_ledger_without_body(web: Flask, known: Cast) -> None:
    visit(web).post("/forgot", data={"email": "alice@example.org"})
    (letter,) = letters_to("alice@example.org")
    assert (letter.text, letter.html) == (None, None)


def test_changing_the_password_ends_all_other_sessions(web: Flask, known: Cast) -> None:
    here, elsewhere = visit(web, known.alice), visit(web, known.alice)
    wrong = here.post("/settings/password", data={"password": "wrong", "new_password": NEW_PASSWORD})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text
    right = here.post("/settings/password", data={"password": PASSWORD, "new_password": NEW_PASSWORD})
    assert right.status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert letters_to("alice@example.org")[0].subject == "Your password for Fika was changed"


def test_a_new_address_is_confirmed_by_a_letter_to_it(web: Flask, known: Cast) -> None:
    here = visit(web, known.alice)
    form = {"email": "Alice@Example.net", "password": PASSWORD}
    assert here.post("/settings/email", data={**form, "password": "wrong"}).status_code == 422
    assert here.post("/settings/email", data=form).status_code == 303
    link = link_in(letters_to("alice@example.net")[0])
    assert "alice@example.net" in visit(web).get(link).text
    db.session.rollback()
    assert known.alice.email == "alice@example.org", "opening the link changed something"
    assert visit(web).post(link).status_code == 302
    db.session.rollback()
    assert known.alice.email == "alice@example.net"
    assert [message.subject for message in letters_to("alice@example.org")] == [
        "Your address for Fika was changed"
    ]
    assert visit(web).get(link).status_code == 303
    assert visit(web).post(link, follow_redirects=True).status_code == 200
    assert is_in(here)


def test_somebody_elses_address_cannot_be_taken_nor_found_out(web: Flask, known: Cast) -> None:
    here = visit(web, known.alice)
    answer = here.post("/settings/email", data={"email": "bob@example.org", "password": PASSWORD})
    assert answer.status_code == 303
    assert "is on its way to bob@example.org" in here.get("/settings/email").text
    assert letters_to("bob@example.org") == []
