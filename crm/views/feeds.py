"""Calendar subscriptions, as programs fetch them: bytes that stay the same while nothing changes.

Whatever goes wrong here must never look like an empty calendar: programs would forget all talks.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from crm.database import db, transaction, utcnow
from crm.domain import feeds
from crm.models import Feed
from crm.views.doors import stateless
from crm.views.house import addresses

bp = Blueprint("feeds", __name__)

CALENDAR = "text/calendar; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
#: When to come again after trouble of our own, in seconds.
RETRY_AFTER = 300


@bp.get("/feeds/<token>.ics", provide_automatic_options=False)
@stateless
def fetch(token: str) -> Response:
    """The calendar of an address; 410 for one that was replaced, so that programs stop asking."""
    found, now = feeds.by_secret(token), utcnow()
    if found is None:
        return _plain(404, "There is no calendar at this address.")
    if found.revoked_at is not None:
        return _plain(
            410, "This address was replaced or deleted. Fika shows the new one on its calendar page."
        )
    answer = calendar(feeds.render(found.feed, addresses=addresses(), now=now), "fika.ics")
    if feeds.is_news(found.feed, now):
        _note(found.feed, now)
    return answer


def _note(feed: Feed, now: datetime) -> None:
    """When a program last came. A calendar that is made already does not fail for it."""
    try:
        with transaction():
            feed.last_fetched_at = now
    except OperationalError as error:
        current_app.logger.warning("The last fetch was not noted: %s", error.orig)


@bp.errorhandler(Exception)
def trouble(error: Exception) -> Response:
    """Whatever broke is ours, and passes: the program keeps what it has and comes again."""
    if isinstance(error, HTTPException):
        return _plain(error.code or 500, error.description or "")
    current_app.logger.error("A calendar could not be made.", exc_info=error)
    db.session.rollback()
    answer = _plain(503, "The calendar cannot be made just now. Please come again.")
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def calendar(body: bytes, filename: str) -> Response:
    """A calendar with a strong ETag over its bytes, or 304 for whoever has them (RFC 9110 §13.1.2)."""
    answer = Response(body, content_type=CALENDAR)
    answer.set_etag(hashlib.sha256(body).hexdigest())
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.make_conditional(request.environ)
    return answer


def _plain(status: int, sentence: str) -> Response:
    answer = Response(sentence + "\n", status, content_type=PLAIN)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
