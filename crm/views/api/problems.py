"""What can go wrong under /api, each as a problem with a sentence (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, make_response, request
from werkzeug.exceptions import HTTPException

from crm.domain.errors import DomainError, Invalid, NotAllowed, NotFound
from crm.views import errors

SENTENCES = {
    400: "The request cannot be read. Compare it with /api/v1/openapi.json.",
    404: "There is nothing at this address. All addresses stand in /api/v1/openapi.json.",
    413: "The body is too large: at most 1 MB of JSON, or a list of 16 MB.",
    415: "The body is of a kind that is not read here.",
    500: "Something broke on our side. It was written down; nothing of this request was kept.",
}


class Unreadable(DomainError):
    """The body as a whole cannot be used; no field is to blame."""


class Unfit(Invalid):
    """Fields that cannot be used. A field may have any name, so that names are no arguments here."""

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__()
        self.sentence = " ".join(sentences.values())
        self.errors = {field: [sentence] for field, sentence in sentences.items()}


def answer(status: int, detail: str, **more: Any) -> Response:
    """A problem; the title is the status in words, so that the type needs no page of its own."""
    return errors.problem(status, HTTPStatus(status).phrase, detail, **more)


def unauthorised() -> Response:
    """Nobody whom we know. Which of the ways to be unknown it was, is not told (RFC 6750 §3)."""
    response = answer(
        401, "Send a token that works: Authorization: Bearer TOKEN. The settings page makes one."
    )
    response.headers["WWW-Authenticate"] = 'Bearer realm="Fika"'
    return response


def domain(error: DomainError) -> Response:
    """A verb refused."""
    if isinstance(error, NotFound):
        return answer(404, error.sentence)
    if isinstance(error, NotAllowed):
        return answer(409, error.sentence)
    if isinstance(error, Invalid) and error.errors:
        return answer(422, error.sentence, errors=error.errors)
    return answer(422, error.sentence)


def http(error: HTTPException) -> Response:
    """Flask refused: unknown address, wrong method, too large, broken."""
    status = error.code or 500
    if status < 400 or error.response is not None:
        return make_response(error.get_response(request.environ))
    detail = _method(error) if status == 405 else SENTENCES.get(status, HTTPStatus(status).phrase + ".")
    response = answer(status, error.description if status == 415 and error.description else detail)
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _method(error: HTTPException) -> str:
    takes = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return f"{request.method} is not done at this address; it takes {takes}."
