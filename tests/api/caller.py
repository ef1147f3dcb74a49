"""A program with a token. Whatever it is answered is held against the description of the API."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from crm.database import transaction
from crm.domain import accounts
from crm.models import User
from tests.api.document import Document
from tests.conftest import NOW

ROOT = "/api/v1"
_documents: dict[int, Document] = {}


def document(app: Flask) -> Document:
    """The description that an application gives; read once."""
    if id(app) not in _documents:
        answer = app.test_client().get(f"{ROOT}/openapi.json")
        _documents[id(app)] = Document(answer.get_json())
    return _documents[id(app)]


class Caller:
    """Calls the API with a token, and fails where an answer is not as described."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.app, self.token = app, token

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        """One call; `path` begins behind /api/v1. `key` is the Idempotency-Key."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key := more.pop("key", ""):
            headers["Idempotency-Key"] = key
        headers.update(more.pop("headers", {}))
        given = {"json": body} if body is not None else {}
        client = self.app.test_client(use_cookies=False)
        answer = client.open(ROOT + path, method=method, headers=headers, **given, **more)
        self._check(method, ROOT + path.partition("?")[0], body, answer)
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        """Read."""
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        """Make or do."""
        return self.call("POST", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        """Change."""
        return self.call("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        """Take away."""
        return self.call("DELETE", path, **more)

    def contact(self, **facts: Any) -> dict[str, Any]:
        """A new contact."""
        return done(self.post("/contacts", {"name": "Grace Hopper", **facts}), 201)

    def _check(self, method: str, path: str, body: Any, answer: TestResponse) -> None:
        known = document(self.app)
        known.check_answer(method, path, answer)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        if answer.status_code < 300 and body is not None:
            known.check_body(method, path, body)


def done(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    """The thing that was answered."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def refused(answer: TestResponse, status: int, field: str = "") -> str:
    """The sentence of a refusal: the field's, where one is to blame."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == status
    if field:
        assert list(problem["errors"]) == [field]
        (sentence,) = problem["errors"][field]
        assert sentence in problem["detail"]
    sentence = str(problem["detail"])
    assert sentence.endswith((".", "”")), sentence
    return sentence


def program(app: Flask, user: User) -> Caller:
    """A program of somebody's, with a new token."""
    with transaction():
        _, secret = accounts.add_token(accounts.workspace_of(user), user, "program", now=NOW)
    return Caller(app, secret)
