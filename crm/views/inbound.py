"""Mail as mail servers post it: whole, with a secret, and nothing else at this door (contract, Mail)."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from crm.database import db, transaction, utcnow
from crm.domain import inbox
from crm.domain.errors import Invalid
from crm.views import errors
from crm.views.doors import stateless
from crm.views.house import house, settings
from crm.views.limits import limiter
from crm.wake import wake

bp = Blueprint("inbound", __name__)

KIND = "message/rfc822"


@bp.post("/inbound/mime")
@stateless
@limiter.exempt
def take() -> Response:
    """Take one message. The same one again is answered alike, and does nothing more."""
    secret = settings().inbound_secret
    if not secret:
        return _refused(404)
    if not _knows(secret):
        answer = _refused(401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    request.max_content_length = inbox.MOST
    if (request.content_length or 0) > inbox.MOST:
        return _refused(413)
    if request.mimetype != KIND:
        return _refused(415)
    try:
        found = inbox.read(request.get_data(cache=False))
    except Invalid as invalid:
        return errors.problem(422, "Not a message", invalid.sentence)
    with transaction():
        inbox.take(found, house=house(), now=utcnow())
    wake("mail.drain")
    return Response(status=202)


@bp.errorhandler(SQLAlchemyError)
def untaken(error: SQLAlchemyError) -> Response:
    """Nothing was kept, whatever the reason: the server that posts keeps the message, and comes again."""
    current_app.logger.error("A message could not be kept.", exc_info=error)
    db.session.rollback()
    answer = _refused(503)
    answer.headers["Retry-After"] = str(errors.RETRY_AFTER)
    return answer


@bp.errorhandler(HTTPException)
def trouble(error: HTTPException) -> Response:
    """Programs ask here: a problem, never a page."""
    return _refused(error.code or 500)


def _knows(secret: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode(), secret.encode())
    return same and scheme.lower() == "bearer"


WORDS = {
    401: ("Not known", "Send the secret of this installation as Authorization: Bearer."),
    404: ("Not found", "Mail is not taken in at this address."),
    413: ("Too large", f"A message may have {inbox.MOST // 1024 // 1024} MB."),
    415: ("Not a message", f"Send one message as it is, with Content-Type: {KIND}."),
}


def _refused(status: int) -> Response:
    title, sentence = WORDS.get(status, ("Not taken", "This was not taken in."))
    return errors.problem(status, title, sentence)
