"""When something goes wrong: a page in plain words; for scripts and programs a small problem (RFC 9457)."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from crm.database import db
from crm.domain.errors import DomainError, Invalid, NotAllowed, NotFound
from crm.views import doors
from crm.views.sorry import FORGED, Words, about

PROBLEM = "application/problem+json"
#: How soon a browser or a program should try again, in seconds.
RETRY_AFTER = 5


def register(app: Flask) -> None:
    """Answer for everything that can go wrong."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(DomainError, domain)
    app.register_error_handler(IntegrityError, _collision)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, _database)


def domain(error: DomainError) -> Response:
    """A verb refused: its own sentence, and the fields that it is about."""
    status = _status(error)
    words = about(status)._replace(sentence=error.sentence)
    more: dict[str, Any] = {}
    if isinstance(error, Invalid):
        more = {"errors": error.errors, "needs": list(error.errors)}
    return _answer(status, words, **more)


def problem(status: int, title: str, detail: str, **more: Any) -> Response:
    """A problem as JSON."""
    answer = jsonify({"type": "about:blank", "title": title, "status": status, "detail": detail, **more})
    answer.status_code, answer.content_type = status, PROBLEM
    return answer


def _status(error: DomainError) -> int:
    if isinstance(error, NotFound):
        return 404
    return 409 if isinstance(error, NotAllowed) else 422


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    answer = _answer(status, about(status))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _forged(_error: CSRFError) -> Response:
    return _answer(400, FORGED)


def _collision(error: IntegrityError) -> Response:
    """Two asked for the same at the same moment, and the database let one of them through."""
    current_app.logger.warning("Two wrote the same at once: %s", str(error.orig).split("\n")[0])
    db.session.rollback()
    return _answer(409, about(409))


def _database(error: Exception) -> Response:
    """The database is away or held for too long by somebody else. Nothing was written."""
    current_app.logger.error("The database did not answer: %s", error)
    db.session.rollback()
    answer = _answer(503, about(503))
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _answer(status: int, words: Words, **more: Any) -> Response:
    if doors.wants_json():
        return problem(status, words.heading, words.sentence, **more)
    page = render_template("_error.html", code=status, **words._asdict())
    return make_response(page, status)
