"""The gate: who asks, whether what they ask for is theirs, and whether the body is of a kind that is read.

In this order, before a body is looked at: 401, 404, 413 and 415 (contract, HTTP).
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from crm.database import transaction, utcnow
from crm.domain import accounts
from crm.models import Token
from crm.views.api import once, problems

ROOT = "/api/"
#: The description of the API is for everybody.
OPEN = "openapi.spec"
JSON = ("application/json", "application/merge-patch+json")
FORM = "multipart/form-data"
MOST_JSON = 1024 * 1024

#: For each name in a path the question whether this workspace has such a thing; NotFound where not.
keepers: dict[str, Callable[[int], object]] = {}
#: The endpoints that take a file instead of JSON.
uploads: set[str] = set()


def admit() -> Response | None:
    """Let a call in, or answer what is wrong with it."""
    if not request.path.startswith(ROOT) or request.endpoint == OPEN:
        return None
    token = _token()
    if token is None:
        return problems.unauthorised()
    if request.routing_exception is not None:
        return problems.http(request.routing_exception)
    for name, value in (request.view_args or {}).items():
        keepers[name](value)
    _check_body()
    return once.begin()


def _token() -> Token | None:
    """The token that was sent, noted as used, with its user and workspace at hand."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = accounts.token_for(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        return None
    now = utcnow()
    if accounts.is_stale(token, now):
        with transaction():
            token.last_used_at = now
    g.token, g.user, g.workspace = token, token.user, token.workspace
    return token


def _check_body() -> None:
    """Of JSON little is read, of a file as much as the application takes."""
    if request.method not in ("POST", "PATCH"):
        return
    uploading = request.endpoint in uploads
    if not uploading:
        request.max_content_length = MOST_JSON
    # Told in advance it costs nothing to refuse; what is sent without a length is cut off while it is read.
    if (request.content_length or 0) > (request.max_content_length or MOST_JSON):
        raise RequestEntityTooLarge
    if uploading and request.mimetype != FORM:
        raise UnsupportedMediaType("Send the list as multipart/form-data, in the part “file”.")
    if not uploading and request.get_data() and request.mimetype not in JSON:
        raise UnsupportedMediaType("Send the body as JSON, with Content-Type: application/json.")
