"""One commit a call, and one call a key: what is posted with an Idempotency-Key is done once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, g, request

from crm.database import transaction, utcnow
from crm.domain import idempotency
from crm.domain.errors import NotAllowed
from crm.domain.idempotency import HEADER, Answer
from crm.views.errors import PROBLEM

REPLAYED = "Idempotency-Replayed"

View = TypeVar("View", bound=Callable[..., Any])


def writes(view: View) -> View:
    """The view's unit of work: what it does, and its answer kept for its key, are one commit."""

    @wraps(view)
    def in_one_commit(*args: Any, **kwargs: Any) -> Response:
        with transaction():
            response = current_app.make_response(view(*args, **kwargs))
            if "claim" in g:
                idempotency.keep(g.claim, _kept(response))
        g.pop("claim", None)
        return response

    return in_one_commit  # type: ignore[return-value]


def secret(field: str) -> None:
    """Name the field of the answer that is shown once: it is not kept, and a replay lacks it."""
    g.secret = field


def begin() -> Response | None:
    """Claim the key of a POST before its work, in a commit of its own; or give the first answer again."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return None
    idempotency.check(key)
    digest = _digest()
    with transaction():
        found = idempotency.claim(g.token, request.path, key, digest, now=utcnow())
    if isinstance(found, Answer):
        return _again(found)
    g.claim = found
    return None


def settle(response: Response) -> Response:
    """A refusal is an answer too, and kept. After trouble of ours the next try is free."""
    if "claim" in g and response.status_code < 500:
        claim = g.pop("claim")
        # Where somebody took the claim over, theirs is the answer to keep.
        with suppress(NotAllowed), transaction():
            idempotency.keep(claim, _kept(response))
    return response


def release(_error: BaseException | None) -> None:
    """Nothing was answered, so nothing was done: the key is free again."""
    claim = g.pop("claim", None)
    if claim is not None:
        with transaction():
            idempotency.release(claim)


def _kept(response: Response) -> Answer:
    body = response.get_data(as_text=True)
    if "secret" in g:
        body = json.dumps({name: value for name, value in json.loads(body).items() if name != g.secret})
    return Answer(response.status_code, body)


def _again(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, content_type="application/json")
    if answer.status >= 400:
        response.content_type = PROBLEM
    response.headers[REPLAYED] = "true"
    return response


def _digest() -> str:
    """What was sent, for comparison. Of a form its parts: programs draw another boundary each time."""
    digest = hashlib.sha256()
    for part in _parts() if request.mimetype == "multipart/form-data" else [request.get_data()]:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts() -> Iterator[bytes]:
    for name, value in sorted(request.form.items(multi=True)):
        yield from (name.encode(), value.encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
        yield from (name.encode(), (file.filename or "").encode(), file.read())
        file.seek(0)
