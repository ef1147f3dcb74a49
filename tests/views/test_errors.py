"""When something goes wrong, it is said in plain words, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crm.domain.errors import Invalid, NotAllowed, NotFound
from crm.views.doors import public

pytestmark = pytest.mark.parametrize("pair", ["sqlite"], indirect=True)

LOCKED = OperationalError("UPDATE contacts", {}, Exception("database is locked"))
TWICE = IntegrityError("INSERT INTO users", {}, Exception("UNIQUE constraint failed"))
CASES = [
    (LOCKED, 503, "what you typed is kept"),
    (PoolTimeout(), 503, "Try again in a moment"),
    (TWICE, 409, "Something changed in the meantime"),
    (NotFound("contact"), 404, "There is no such contact here."),
    (NotAllowed("Ada is closed. Reopen the contact first."), 409, "Ada is closed. Reopen the contact first."),
    (Invalid(name="Please give a name."), 422, "Please give a name."),
    (ZeroDivisionError(), 500, "It was written down."),
]


def broken(app: Flask, error: Exception) -> Flask:
    """The application with a page on which something goes wrong."""

    @public
    def page() -> NoReturn:
        raise error

    app.add_url_rule("/broken", "broken", page)
    return app


@pytest.mark.parametrize(("error", "status", "sentence"), CASES)
def test_a_page_says_what_happened_and_what_to_do(
    make: Callable[..., Flask], error: Exception, status: int, sentence: str
) -> None:
    answer = broken(make(), error).test_client().get("/broken")
    assert answer.status_code == status
    assert sentence in answer.text
    assert f"</svg> {status}</span>" in answer.text
    assert "Traceback" not in answer.text
    assert ("Retry-After" in answer.headers) is (status == 503)


@pytest.mark.parametrize(("error", "status", "sentence"), CASES)
def test_a_script_gets_the_sentence_as_a_problem(
    make: Callable[..., Flask], error: Exception, status: int, sentence: str
) -> None:
    answer = broken(make(), error).test_client().get("/broken", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    problem = answer.get_json()
    assert problem["status"] == status
    assert sentence in problem["detail"]
    assert problem.get("errors") == ({"name": ["Please give a name."]} if status == 422 else None)
