"""Fetching: bytes that stay the same while nothing changes.

Whatever goes wrong here must never look like an empty calendar: programs would forget all talks.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import OperationalError
from werkzeug.http import parse_etags

from crm.database import db, transaction, utcnow
from crm.domain import feeds
from crm.domain.feeds import Found, Shelf
from crm.views.doors import stateless
from crm.views.feeds.patience import Patience
from crm.views.house import addresses

bp = Blueprint("feeds", __name__)

CALENDAR = "text/calendar; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
#: When to come again after trouble of our own, and while a feed is paused, in seconds.
RETRY_AFTER, PAUSED = 300, 3600
#: Far more than any program comes, also one that asks for the headers first and again on every click.
AN_HOUR = 600
#: What is noted of so many feeds and programs is remembered.
REMEMBERED = 10_000

shelf = Shelf()
patience = Patience(AN_HOUR, timedelta(hours=1))
#: When this process last noted which program came for which address.
_noted: OrderedDict[tuple[str, str], datetime] = OrderedDict()


class Answer(NamedTuple):
    """What is answered, before it becomes anybody's response: they are made by the thousand."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@bp.get("/feeds/<token>.ics", provide_automatic_options=False)
@stateless
def fetch(token: str) -> Response:
    """The calendar of an address, for whoever did not come by the front."""
    return response(safely(token, request.environ))


def safely(secret: str, environ: dict[str, Any]) -> Answer:
    """What an address answers. Whatever breaks is ours, and passes: programs keep what they have."""
    try:
        return answer(secret, environ)
    except Exception as error:
        current_app.logger.error("A calendar could not be made.", exc_info=error)
        db.session.rollback()
        return _plain(503, "The calendar cannot be made just now. Please come again.", RETRY_AFTER)


def answer(secret: str, environ: dict[str, Any]) -> Answer:
    """410 for an address that was replaced, so that programs stop asking; no request's context is needed."""
    now = utcnow()
    found = feeds.look(secret, now=now)
    if found is None:
        return _plain(404, "There is no calendar at this address.")
    if found.is_revoked:
        return _plain(
            410, "This address was replaced or deleted. Fika shows the new one on its calendar page."
        )
    if found.is_paused:
        return _plain(503, "This calendar is paused. It comes back when its owner says so.", PAUSED)
    if wait := patience.wait(found.token_hash, now):
        return _plain(429, "This calendar is asked for too often. Please come again later.", wait)
    made = _current(found, now)
    _note(found, environ, now)
    return _whole(made.body, made.etag, "fika.ics", environ)


def calendar(body: bytes, filename: str) -> Response:
    """A calendar with a strong ETag over its bytes, or 304 for whoever has them (RFC 9110 §13.1.2)."""
    return response(_whole(body, sha256(body).hexdigest(), filename, request.environ))


def response(found: Answer) -> Response:
    """An answer on its way through the application."""
    return Response(found.body, found.status, found.headers)


def _current(found: Found, now: datetime) -> feeds.Calendar:
    """The calendar as it is now: from memory, else joined, with what the worker has not stored yet."""
    kept_by = addresses()
    if found.is_marked or found.recipe != feeds.recipe(kept_by):
        patch = feeds.patch(found.feed_id, addresses=kept_by, now=now)
        if patch is not None:
            return shelf.patched(found, patch, now=now)
        with transaction():
            found = feeds.keep(found.feed_id, addresses=kept_by, now=now).seen(found)
    return shelf.ready(found, now=now) or shelf.renewed(found, now=now)


def _note(found: Found, environ: dict[str, Any], now: datetime) -> None:
    """Which program came. A calendar that is made already does not fail for it."""
    program = feeds.program_of(environ.get("HTTP_USER_AGENT", ""))
    last = _noted.get((found.token_hash, program))
    if last is not None and timedelta() <= now - last < feeds.NOTED:
        return
    try:
        with transaction():
            feeds.note(found.feed_id, program, now=now)
    except OperationalError as error:
        current_app.logger.warning("The last fetch was not noted: %s", error.orig)
    _noted[found.token_hash, program] = now
    if len(_noted) > REMEMBERED:
        _noted.popitem(last=False)


def _whole(body: bytes, etag: str, filename: str, environ: dict[str, Any]) -> Answer:
    """The body, or 304 where the caller has it."""
    headers = [
        ("ETag", f'"{etag}"'),
        ("Cache-Control", "private, no-cache"),
        ("X-Robots-Tag", "noindex"),
    ]
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and parse_etags(asked).contains_weak(etag):
        return Answer(304, headers, b"")
    named = ("Content-Disposition", f'inline; filename="{filename}"')
    return Answer(200, [("Content-Type", CALENDAR), *headers, named], body)


def _plain(status: int, sentence: str, retry_after: int = 0) -> Answer:
    headers = [("Content-Type", PLAIN), ("X-Robots-Tag", "noindex")]
    if retry_after:
        headers.append(("Retry-After", str(retry_after)))
    return Answer(status, headers, f"{sentence}\n".encode())
