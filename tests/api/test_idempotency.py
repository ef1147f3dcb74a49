from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask, Response
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from crm.app import create_app
from crm.database import db, transaction, utcnow
from crm.domain import idempotency
from crm.domain.errors import NotAllowed
from crm.models import Contact, IdempotencyKey, Token
from crm.settings import Settings
from crm.views.api import problems
from tests.api.caller import ROOT, Caller, done, program, refused
from tests.api.test_imports import PEOPLE
from tests.api.test_stages import move
from tests.cast import Cast
from tests.conftest import NOW

GRACE = {"name": "Grace Hopper"}


def post(caller: Caller, body: Any = GRACE, path: str = "/contacts", key: str = "k-1") -> TestResponse:
    return caller.post(path, body, key=key)


def graces() -> int:
    db.session.rollback()
    query = select(func.count()).select_from(Contact).where(Contact.name == GRACE["name"])
    return db.session.scalar(query) or 0


def test_a_post_with_a_key_is_done_once_and_answered_each_time(alice: Caller) -> None:
    first, second = post(alice), post(alice)
    assert done(first, 201) == done(second, 201)
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.content_type == first.content_type
    assert graces() == 1


def test_two_at_once_with_one_key_make_one_thing(alice: Caller) -> None:
    crowd = 8
    together = Barrier(crowd)

    def send(_number: int) -> TestResponse:
        together.wait()
        return post(alice)

    with ThreadPoolExecutor(crowd) as pool:
        answers = list(pool.map(send, range(crowd)))
    made = [a for a in answers if a.status_code == 201 and "Idempotency-Replayed" not in a.headers]
    assert len(made) == 1
    for answer in answers:
        if answer.status_code == 201:
            assert answer.get_json() == made[0].get_json()
        else:
            assert "still being answered" in refused(answer, 409)
    assert graces() == 1


def test_without_a_key_two_are_two(alice: Caller) -> None:
    for _ in range(2):
        done(alice.post("/contacts", GRACE), 201)
    assert graces() == 2


def test_another_body_with_the_same_key_is_refused(alice: Caller) -> None:
    done(post(alice), 201)
    assert "another body" in refused(post(alice, {"name": "Grace Kelly"}), 422, "Idempotency-Key")
    refused(post(alice, {"name": 1}), 422, "Idempotency-Key")
    assert done(post(alice), 201)["name"] == "Grace Hopper"


def test_a_key_is_of_one_token_and_one_path(web: Flask, alice: Caller, bob: Caller, cast: Cast) -> None:
    for caller in (alice, bob, program(web, cast.alice)):
        assert "Idempotency-Replayed" not in post(caller).headers
    path = f"/contacts/{cast.ada.id}/activities"
    done(post(alice, {"kind": "call"}, path), 201)


def test_refusals_are_answered_again_too(alice: Caller) -> None:
    first = post(alice, {"name": ""})
    again = post(alice, {"name": ""})
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.mimetype == "application/problem+json"
    grace = alice.contact()
    path = f"/contacts/{grace['id']}/stage"
    refused(post(alice, {"stage": "thanked"}, path), 409)
    move(alice, grace, "interviewed")
    refused(post(alice, {"stage": "thanked"}, path), 409)
    assert done(post(alice, {"stage": "thanked"}, path, key="k-2"))["stage"] == "thanked"


def test_what_was_refused_before_the_body_was_looked_at_is_not_kept(alice: Caller) -> None:
    refused(
        alice.post("/contacts", data=b'{"name": "Grace Hopper"}', content_type="text/plain", key="k-1"), 415
    )
    refused(post(alice, path="/contacts/999/stage"), 404)
    assert "Idempotency-Replayed" not in post(alice).headers


def test_an_answer_with_a_secret_is_given_again_without_it(alice: Caller) -> None:
    first = done(post(alice, {"name": "Phone"}, "/feeds"), 201)
    again = done(post(alice, {"name": "Phone"}, "/feeds"), 201)
    assert first.pop("url")
    assert again == first
    turned = f"/feeds/{first['id']}/rotate"
    assert "url" in done(post(alice, None, turned))
    assert "url" not in done(post(alice, None, turned))
    kept = db.session.scalars(select(IdempotencyKey.answer)).all()
    assert not [answer for answer in kept if "/feeds/" in str(answer)]


def test_a_key_is_forgotten_after_a_day(alice: Caller) -> None:
    now = utcnow()
    with time_machine.travel(now, tick=False):
        post(alice)
    with time_machine.travel(now + timedelta(hours=23, minutes=59), tick=False):
        assert "Idempotency-Replayed" in post(alice).headers
    with time_machine.travel(now + timedelta(hours=24, minutes=1), tick=False):
        assert "Idempotency-Replayed" not in post(alice).headers
    assert graces() == 2


def claim_as_another_process(key: str = "k-1") -> None:
    """Alice's first request is on its way, or its process died on the way."""
    digest = "0" * 64
    with transaction():
        token = db.session.scalars(select(Token)).one()
        idempotency.claim(token, f"{ROOT}/contacts", key, digest, now=utcnow())


def test_one_in_progress_is_not_done_twice(alice: Caller) -> None:
    post(alice)
    with transaction():
        db.session.query(IdempotencyKey).update({"status": None, "answer": None})
    refused(post(alice), 409)
    assert graces() == 1


def test_a_request_that_died_on_the_way_may_be_made_again(alice: Caller) -> None:
    now = utcnow()
    with time_machine.travel(now, tick=False):
        claim_as_another_process()
    with time_machine.travel(now + timedelta(minutes=6), tick=False):
        done(post(alice), 201)
    assert graces() == 1


@pytest.mark.parametrize("key", [" ", "two words", "x" * 201, "schlüssel", "\t"])
def test_a_key_is_a_short_visible_word(alice: Caller, key: str) -> None:
    refused(post(alice, key=key), 422, "Idempotency-Key")


def test_the_longest_key_is_kept(alice: Caller) -> None:
    for _ in range(2):
        done(post(alice, key="~" * 200), 201)
    assert graces() == 1


def test_only_posts_have_keys(alice: Caller) -> None:
    path = f"/contacts/{alice.contact()['id']}"
    for title in ("Dr", "Prof"):
        assert done(alice.patch(path, {"title": title}, key="k-1"))["title"] == title
    assert "Idempotency-Replayed" not in alice.get(path, key="k-1").headers


def test_a_file_sent_again_in_another_envelope_is_the_same(alice: Caller) -> None:
    def send(content: str = PEOPLE, name: str = "people.csv", source: str = "Alumni") -> TestResponse:
        data = {"source": source, "file": (io.BytesIO(content.encode()), name)}
        return alice.post("/imports", data=data, key="k-1")

    first = done(send(), 202)
    assert done(send(), 202) == first
    for other in ({"content": PEOPLE + "x"}, {"name": "other.csv"}, {"source": "School"}):
        refused(send(**other), 422, "Idempotency-Key")


def test_after_trouble_of_ours_the_key_is_free(pair: Settings, cast: Cast) -> None:
    app = create_app(pair)
    calls = []

    def trouble() -> Response:
        calls.append(1)
        return problems.answer(500 if len(calls) == 1 else 404, "A sentence.")

    def crash() -> Response:
        calls.append(1)
        raise ZeroDivisionError

    app.add_url_rule("/api/v1/trouble", "api.trouble", trouble, methods=["POST"])
    app.add_url_rule("/api/v1/crash", "api.crash", crash, methods=["POST"])
    caller = program(app, cast.alice)
    assert [post(caller, None, "/trouble").status_code for _ in range(3)] == [500, 404, 404]
    assert len(calls) == 2
    assert [post(caller, None, "/crash").status_code for _ in range(2)] == [500, 500]
    assert len(calls) == 4
    with app.app_context():
        db.engine.dispose()


def test_work_that_was_overtaken_does_not_stand(cast: Cast, web: Flask, now: Any) -> None:
    program(web, cast.alice)
    with transaction():
        token = db.session.scalars(select(Token)).one()
        first = idempotency.claim(token, "/p", "k", "0", now=NOW)
    assert isinstance(first, idempotency.Claim)
    with transaction():
        second = idempotency.claim(token, "/p", "k", "0", now=NOW + timedelta(minutes=5))
    assert isinstance(second, idempotency.Claim)
    answer = idempotency.Answer(200, "{}")
    with pytest.raises(NotAllowed), transaction():
        idempotency.keep(first, answer)
    with transaction():
        idempotency.release(first)
        idempotency.keep(second, answer)
    with transaction():
        assert idempotency.claim(token, "/p", "k", "0", now=NOW + timedelta(minutes=6)) == answer


def test_keys_whose_day_is_over_are_swept_in_pieces(cast: Cast, web: Flask) -> None:
    program(web, cast.alice)
    with transaction():
        token = db.session.scalars(select(Token)).one()
        for hours in (0, 1, 23, 24, 48):
            idempotency.claim(token, "/p", str(hours), "0", now=NOW - timedelta(hours=hours))
    with transaction():
        assert idempotency.sweep(now=NOW, limit=1) == 1
        assert idempotency.sweep(now=NOW) == 1
        assert idempotency.sweep(now=NOW) == 0
    assert set(db.session.scalars(select(IdempotencyKey.key))) == {"0", "1", "23"}
