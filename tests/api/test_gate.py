"""Who comes in, and what of a body is looked at, in the order of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from werkzeug.routing import Rule

from crm.app import create_app
from crm.database import db, transaction
from crm.domain import accounts
from crm.models import Token
from crm.settings import Settings
from tests.api.caller import ROOT, Caller, done, program, refused
from tests.cast import Cast
from tests.conftest import NOW
from tests.views.things import Things, gather
from tests.views.visitor import visit

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def things(cast: Cast) -> Things:
    """One of everything that Alice has."""
    with transaction():
        return gather(cast, NOW)


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint.startswith("api."):
                yield method, rule


def path_of(rule: Rule, things: Things | None = None) -> str:
    """With Alice's ids, or with ids that nobody has."""
    ids = {name: getattr(things, name.replace("deleted", "contact"), 999) for name in rule.arguments}
    build = rule.build(ids)
    assert build is not None
    return build[1].removeprefix(ROOT)


def test_nobody_is_told_to_send_a_token_wherever_they_knock(
    web: Flask, nobody: Caller, things: Things
) -> None:
    calls = [(method, path_of(rule, things)) for method, rule in routes(web)]
    for method, path in [*calls, ("GET", "/nothing"), ("PUT", "/contacts")]:
        answer = nobody.call(method, path, data=b"{", headers=JSON)
        refused(answer, 401)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Fika"'


def test_what_is_alices_and_what_is_nowhere_look_the_same_to_bob(
    web: Flask, alice: Caller, bob: Caller, things: Things
) -> None:
    for method, rule in routes(web):
        if rule.arguments:
            foreign = bob.call(method, path_of(rule, things), data=b"not looked at")
            unknown = bob.call(method, path_of(rule), data=b"not looked at")
            assert refused(foreign, 404) == refused(unknown, 404), rule
            if method != "DELETE":
                assert alice.call(method, path_of(rule, things), data=b"{").status_code != 404, rule


def test_bobs_lists_hold_nothing_of_alices(web: Flask, bob: Caller, things: Things) -> None:
    for method, rule in routes(web):
        if method == "GET" and not rule.arguments:
            found = done(bob.get(path_of(rule)))
            # What there is one of for each user is no list.
            assert found.get("items", []) == []
    for query in (f"contact={things.contact_id}", f"campaign={things.campaign_id}"):
        for noun in ("contacts", "interviews", "reminders", "messages"):
            assert done(bob.get(f"/{noun}?{query}"))["items"] == []


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer fika_wrong",
        "Basic YTpi",
        "Token {}",
        "Bearer {} {}",
        "{}",
        "Bearer \xfc",
    ],
)
def test_only_a_token_opens(nobody: Caller, alice: Caller, header: str) -> None:
    given = {"Authorization": header.replace("{}", alice.token)}
    refused(nobody.get("/contacts", headers=given), 401)


def test_the_scheme_is_read_in_any_case(nobody: Caller, alice: Caller) -> None:
    for scheme in ("bearer", "BEARER"):
        done(nobody.get("/contacts", headers={"Authorization": f"{scheme} {alice.token}"}))


def test_a_revoked_token_and_one_of_somebody_shut_out_open_nothing(web: Flask, cast: Cast) -> None:
    first, second = program(web, cast.alice), program(web, cast.bob)
    with transaction():
        (token,) = accounts.tokens(cast.workspace, cast.alice)
        accounts.revoke(cast.workspace, cast.alice, token.id, now=NOW)
        cast.bob.active = False
    refused(first.get("/contacts"), 401)
    refused(second.get("/contacts"), 401)


def test_a_session_opens_nothing(web: Flask, cast: Cast) -> None:
    answer = visit(web, cast.alice).get(f"{ROOT}/contacts")
    assert answer.status_code == 401


def test_the_last_use_is_written_once_in_five_minutes(web: Flask, cast: Cast) -> None:
    caller = program(web, cast.alice)
    seen = []
    for minutes in (0, 4, 6):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            done(caller.get("/contacts"))
        db.session.rollback()
        seen.append(db.session.query(Token).one().last_used_at)
    assert seen == [NOW, NOW, NOW + timedelta(minutes=6)]


def test_an_address_without_anything_and_a_wrong_method(alice: Caller) -> None:
    for path in ("/", "/nothing", "/contacts/"):
        refused(alice.get(path), 404)
    for number in ("abc", "-1", "1.0", "٣", str(2**31), "9" * 18, "9" * 19):
        refused(alice.get(f"/contacts/{number}"), 404)
    answer = alice.call("PUT", "/contacts")
    assert refused(answer, 405) == "PUT is not done at this address; it takes GET, HEAD, OPTIONS, POST."
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"name"',
        b"7",
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"name": "Ada",}',
        b"{'name': 'Ada'}",
        b"[" * 100_000,
        b'{"name": ' + b"9" * 6000 + b"}",
        '{"name": "Ada"}'.encode("utf-16"),
        b"\x00",
    ],
)
def test_a_body_that_is_no_json_object_is_refused_as_a_whole(alice: Caller, body: bytes) -> None:
    answer = alice.post("/contacts", data=body, headers=JSON)
    assert refused(answer, 422).startswith("The body ")
    assert "errors" not in answer.get_json()


def test_no_body_at_all_is_an_empty_one(alice: Caller) -> None:
    for body in (b"", b"  \r\n", b"{}"):
        refused(alice.post("/contacts", data=body, headers=JSON), 422, "name")
    refused(alice.post("/contacts"), 422, "name")
    done(alice.post("/feeds", data=b"", content_type="application/x-www-form-urlencoded"), 201)


def test_a_body_is_json_and_says_so(alice: Caller) -> None:
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "",
        "multipart/form-data",
    ):
        answer = alice.post("/contacts", data=b'{"name": "Ada"}', headers={"Content-Type": kind})
        assert "application/json" in refused(answer, 415)
    for kind in ("application/json; charset=utf-8", "APPLICATION/JSON"):
        done(alice.post("/contacts", data=b'{"name": "Ada"}', headers={"Content-Type": kind}), 201)


def test_a_body_that_is_too_large_is_refused(alice: Caller) -> None:
    body = b'{"name": "' + b"x" * 2 * 1024 * 1024 + b'"}'
    refused(alice.post("/contacts", data=body, headers=JSON), 413)


def test_a_call_that_takes_nothing_refuses_fields(alice: Caller, things: Things) -> None:
    answer = alice.post(f"/interviews/{things.interview_id}/cancel", {"reason": "ill"})
    assert refused(answer, 422, "reason") == "“reason” is not known here. This call takes no fields."


def test_of_thousands_of_unknown_fields_a_few_are_named(alice: Caller) -> None:
    problem = alice.post("/contacts", {"x" * 500 + str(number): 1 for number in range(1000)}).get_json()
    assert len(problem["errors"]) <= 20
    assert len(problem["detail"]) < 10_000


def test_trouble_of_ours_is_a_problem_too(pair: Settings, cast: Cast) -> None:
    app = create_app(pair)
    app.add_url_rule("/api/v1/trouble", "api.trouble", lambda: str(1 / 0))
    answer = program(app, cast.alice).get("/trouble")
    with app.app_context():
        db.engine.dispose()
    assert "Something broke on our side." in refused(answer, 500)


def test_a_database_that_is_away_is_a_problem_too(tmp_path: Path) -> None:
    app = create_app(Settings(tmp_path, f"sqlite:///{tmp_path / 'empty.sqlite3'}", "a secret"))
    answer = Caller(app, "fika_some").get("/contacts")
    with app.app_context():
        db.engine.dispose()
    assert answer.headers["Retry-After"]
    refused(answer, 503)
