"""The doors: who comes in, to what, and with which token. Every view is closed unless it says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import current_user
from flask_wtf import CSRFProtect
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from crm.database import db, utcnow
from crm.domain import accounts
from crm.models import Membership, User, Workspace
from crm.views.house import settings

View = TypeVar("View", bound=Callable[..., Any])

#: Somebody who comes by once a month stays signed in.
SESSION_LASTS = timedelta(days=30)
API_ROOT = "/api/"
#: What may be typed or pasted at once, in bytes; files may be larger.
MAX_FORM = 2 * 1024 * 1024

csrf = CSRFProtect()


def public(view: View) -> View:
    """Open a view to people who are not signed in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def stateless(view: View) -> View:
    """Open a view to programs: no session is read or written, so there is no token to check either."""
    view.is_stateless = True  # type: ignore[attr-defined]
    return public(view)


def is_public(endpoint: str | None) -> bool:
    """Whether nobody has to be signed in; the API asks for its own tokens."""
    return endpoint in (None, "static") or _marked(endpoint, "is_public")


def is_stateless(endpoint: str | None) -> bool:
    """Whether programs ask, which have no session."""
    return _marked(endpoint, "is_stateless")


def for_programs() -> bool:
    """Whether what is asked for now is for programs: the API, or a view that is open to them."""
    return is_stateless(request.endpoint) or request.path.startswith(API_ROOT)


def register(app: Flask) -> None:
    """Ask everybody who comes in."""
    csrf.init_app(app)
    app.before_request(_admit)


class Sessions(SecureCookieSessionInterface):
    """Signed cookies, kept away from programs: what a calendar fetches has neither a cookie nor a Vary."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie where it changed."""
        if not for_programs():
            super().save_session(app, session, response)


def who(uniquifier: str) -> User | None:
    """The user of a session, with their workspace, in one statement; asked once a request.

    Where the database is away the page that says so must not ask again.
    """
    if g.get("asked") == uniquifier:
        return _user()
    g.asked, g.user, g.workspace = uniquifier, None, None
    query = (
        select(User, Workspace)
        .join(Membership, Membership.user_id == User.id)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .where(User.fs_uniquifier == uniquifier, User.active)
        .order_by(Membership.id)
    )
    found = db.session.execute(query.limit(1)).first()
    if found is not None:
        g.user, g.workspace = found
    return _user()


def _user() -> User | None:
    user: User | None = g.get("user")
    return user


def _admit() -> AnyResponse | None:
    """Who is there, may they come in, and did they mean to."""
    g.user = g.workspace = None
    if request.mimetype != "multipart/form-data":
        request.max_content_length = MAX_FORM
    if for_programs():
        return None
    if request.endpoint is not None and not current_user.is_authenticated and not is_public(request.endpoint):
        return _turn_away()
    if request.endpoint is not None:
        _renew_session()
        csrf.protect()
    return None


def _turn_away() -> AnyResponse:
    """To the sign-in page and back; somebody's very first visit goes to the first account."""
    if wants_json():
        abort(401)
    if accounts.is_first_visit(settings().sign_up):
        return redirect(url_for("accounts.sign_up"))
    return redirect(url_for("security.login", next=_way_back(request)), code=303)


def _way_back(asked: Request) -> str:
    """The page that was asked for; for a form, the page that it stood on."""
    if asked.method in ("GET", "HEAD"):
        return asked.full_path.removesuffix("?")
    came_from = urlsplit(asked.referrer or "")
    return came_from.path if came_from.netloc == asked.host else "/"


def wants_json() -> bool:
    """Whether a script of ours or a program asks, which want a sentence rather than a page."""
    if request.path.startswith(API_ROOT) or request.headers.get("HX-Request") == "true":
        return True
    accepts = request.accept_mimetypes
    return accepts.best_match(["text/html", "application/json"]) == "application/json"


def _renew_session() -> None:
    """Move the session's end on, once a day: a cookie in every answer would be waste."""
    today = utcnow().date().isoformat()
    if g.user is not None and session.get("seen") != today:
        session["seen"] = today
        session.permanent = True


def _marked(endpoint: str | None, mark: str) -> bool:
    view = current_app.view_functions.get(endpoint or "")
    return bool(getattr(view, mark, False))
