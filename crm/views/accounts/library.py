"""Flask-Security, set up: its views under our addresses and with our pages, our users, our letters.

Its own blueprint is not used. Ours has the same name and the same endpoints, by which the library finds
them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Blueprint, Flask
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore
from flask_security.utils import set_request_attr
from flask_security.views import forgot_password, login, logout, reset_password
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import accounts
from crm.models import User
from crm.settings import Settings
from crm.views import doors
from crm.views.doors import public

CONFIGURATION: dict[str, Any] = {
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "CHANGE_EMAIL": True,
    "RETURN_GENERIC_RESPONSES": True,
    # What the database holds is argon2id over the password itself: another SECRET_KEY locks nobody out.
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "RESET_PASSWORD_WITHIN": timedelta(hours=1),
    "CHANGE_EMAIL_WITHIN": timedelta(hours=1),
    # What matters asks for the password itself.
    "FRESHNESS": timedelta(days=-1),
    "API_ENABLED_METHODS": ["session"],
    "JOIN_USER_ROLES": False,
    "FLASH_MESSAGES": True,
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
    "LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
    "FORGOT_PASSWORD_TEMPLATE": "accounts/forgot.html",
    "RESET_PASSWORD_TEMPLATE": "accounts/reset.html",
    "CHANGE_PASSWORD_TEMPLATE": "settings/password.html",
    "CHANGE_EMAIL_TEMPLATE": "settings/email.html",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/sign-in",
    "POST_RESET_VIEW": "/sign-in",
    "POST_CHANGE_VIEW": "/settings",
}

bp = Blueprint("security", __name__)


class Users(SQLAlchemyUserDatastore):
    """How the library finds our users."""

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> User | None:
        """By address or by the key of their sessions; no statement looks at every user."""
        if "email" in wanted:
            return accounts.by_email(wanted["email"])
        return db.session.scalars(select(User).filter_by(**wanted)).first()


def register(app: Flask) -> None:
    """Set the library up, then take the questions over that it asks on every request."""
    settings: Settings = app.config["SETTINGS"]
    app.config.update({f"SECURITY_{name}": value for name, value in CONFIGURATION.items()})
    app.config["REMEMBER_COOKIE_SECURE"] = settings.secure
    security = Security(app, Users(db, User, RoleMixin), register_blueprint=False)
    security.login_manager.user_loader(_load)
    # Without this the library looks for tokens of its own in every query and every JSON body.
    security.login_manager.request_loader(None)


def in_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    """Make one unit of work of a view that the library wrote, the letter that it sends included.

    The library commits after the answer, if at all; by then there is nothing left to commit.
    """

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with transaction():
            return view(*args, **kwargs)

    return wrapped


def _load(uniquifier: str) -> User | None:
    user = doors.who(uniquifier)
    if user is not None:
        set_request_attr("fs_authn_via", "session")
    return user


for path, endpoint, view in (
    ("/sign-in", "login", login),
    ("/forgot", "forgot_password", in_transaction(forgot_password)),
    ("/reset/<token>", "reset_password", in_transaction(reset_password)),
):
    bp.add_url_rule(path, endpoint, public(view), methods=["GET", "POST"])
bp.add_url_rule("/sign-out", "logout", public(logout), methods=["POST"])
