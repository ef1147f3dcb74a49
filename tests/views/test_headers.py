"""What every answer tells the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from crm.views import doors, statics
from tests.views.visitor import Visitor

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

pytestmark = pytest.mark.parametrize("pair", ["sqlite"], indirect=True)


@pytest.mark.parametrize("path", ["/sign-in", "/settings", "/nothing", "/healthz", "/readyz"])
def test_every_answer_has_the_policy_and_the_usual_headers(alice: Visitor, path: str) -> None:
    headers = alice.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Strict-Transport-Security" not in headers


def test_under_https_cookies_are_secure_and_the_browser_remembers(make: Callable[..., Flask]) -> None:
    app = make(base_url="https://fika.example.org")
    answer = app.test_client().get("/forgot", base_url="https://fika.example.org")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_files_are_kept_for_ever_under_a_name_that_changes_with_them(client: FlaskClient) -> None:
    page = client.get("/forgot").text
    found = re.findall(r'"(/static/[0-9a-f]{12}/[^"]+)"', page)
    assert len(found) > 5
    for path in found:
        answer = client.get(path.partition("#")[0], buffered=True)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
    assert client.get(f"{statics.path()}/../app.py").status_code == 404
    assert client.get("/static/000000000000/css/base.css").status_code == 404


def test_a_fetched_error_is_a_problem_and_a_visited_one_is_a_page(alice: Visitor) -> None:
    page = alice.get("/nothing")
    assert "There is nothing here" in page.text
    assert page.content_type == "text/html; charset=utf-8"
    for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        answer = alice.get("/nothing", headers=headers)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["title"] == "There is nothing here"


@pytest.mark.parametrize(
    ("content_type", "before"),
    [
        ("application/x-www-form-urlencoded", b"name="),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n',
        ),
    ],
)
def test_more_than_anybody_types_is_refused_in_words(
    alice: Visitor, content_type: str, before: bytes
) -> None:
    body = before + b"x" * (doors.MAX_FORM + 1) + b"\r\n--x--\r\n"
    answer = alice.post("/settings", data=body, content_type=content_type)
    assert answer.status_code == 413
    assert "That is too large" in answer.text


def test_a_wrong_method_is_405_in_words(alice: Visitor) -> None:
    answer = alice.get("/sign-out")
    assert answer.status_code == 405
    assert "That is not done here" in answer.text


def test_only_trusted_proxies_say_who_asks(make: Callable[..., Flask]) -> None:
    for hops, seen in ((0, "127.0.0.1"), (1, "203.0.113.9")):
        with make(trusted_proxies=hops).test_client() as client:
            client.get("/healthz", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
            assert request.remote_addr == seen
