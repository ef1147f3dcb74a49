"""Flask-Security, set up: its views under our addresses and with our pages, our users, our letters.

Its own blueprint is not used. Ours has the same name and the same endpoints, by which the library finds
them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore
from flask_security.change_email import change_email
from flask_security.utils import set_request_attr
from flask_security.views import change_password, forgot_password, login, logout, reset_password
from wtforms import Form

from crm.database import db, transaction
from crm.domain import accounts
from crm.models import User
from crm.settings import Settings, SignUp
from crm.views import doors
from crm.views.accounts import address, forms, letters, limited
from crm.views.accounts.passwords import Passwords
from crm.views.accounts.words import WORDS
from crm.views.doors import public
from crm.views.house import settings
from crm.wake import wake

CONFIGURATION: dict[str, Any] = {
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "CHANGE_EMAIL": True,
    "RETURN_GENERIC_RESPONSES": True,
    # What the database holds is argon2id over the password itself: another SECRET_KEY locks nobody out.
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    # Links are signed; what is hashed in them need not be slow as well, or it tells which addresses exist.
    "HASHING_SCHEMES": ["hex_sha256"],
    "RESET_PASSWORD_WITHIN": letters.LINK_LASTS,
    "CHANGE_EMAIL_WITHIN": letters.LINK_LASTS,
    # What matters asks for the password itself.
    "FRESHNESS": timedelta(days=-1),
    "API_ENABLED_METHODS": ["session"],
    "JOIN_USER_ROLES": False,
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
    "EMAIL_TEMPLATE_PASSWORD_RESET": letters.RESET,
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": letters.PASSWORD_CHANGED,
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": letters.PASSWORD_CHANGED,
    "CHANGE_EMAIL_EMAIL_TEMPLATE": letters.NEW_ADDRESS,
    "LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
    "FORGOT_PASSWORD_TEMPLATE": "accounts/forgot.html",
    "RESET_PASSWORD_TEMPLATE": "accounts/reset.html",
    "CHANGE_PASSWORD_TEMPLATE": "settings/password.html",
    "CHANGE_EMAIL_TEMPLATE": "settings/email.html",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/sign-in",
    "POST_RESET_VIEW": "/sign-in",
    "POST_CHANGE_VIEW": "/settings/password",
    "POST_CHANGE_EMAIL_VIEW": "/settings/email",
    **{f"MSG_{name}": words for name, words in WORDS.items()},
}

bp = Blueprint("security", __name__)


class Users(SQLAlchemyUserDatastore):
    """How the library finds our users."""

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> User | None:
        """By address or by the key of their sessions; no statement looks at every user."""
        if "email" in wanted:
            return accounts.by_email(wanted["email"])
        return accounts.by_uniquifier(wanted["fs_uniquifier"])


def register(app: Flask) -> None:
    """Set the library up, then take the questions over that it asks on every request."""
    chosen: Settings = app.config["SETTINGS"]
    app.config.update({f"SECURITY_{name}": value for name, value in CONFIGURATION.items()})
    app.config["REMEMBER_COOKIE_SECURE"] = chosen.secure
    security = Security(
        app,
        Users(db, User, RoleMixin),
        register_blueprint=False,
        login_form=forms.SignInForm,
        forgot_password_form=forms.ForgotForm,
        reset_password_form=forms.ResetForm,
        change_password_form=forms.PasswordForm,
        change_email_form=forms.AddressForm,
        mail_util_cls=letters.Letters,
        password_util_cls=Passwords,
        render_template=page,
    )
    security.want_json(lambda _request: False)
    security.login_manager.user_loader(_load)
    # Without this the library looks for tokens of its own in every query and every JSON body.
    security.login_manager.request_loader(None)


def page(template: str, **context: Any) -> Any:
    """What the library shows: our page, with the status that fits; a success is answered by going on."""
    form = next(value for value in context.values() if isinstance(value, Form))
    is_sign_in = template == CONFIGURATION["LOGIN_USER_TEMPLATE"]
    if request.method == "GET" and is_sign_in and accounts.is_first_visit(settings().sign_up):
        return redirect(url_for("accounts.sign_up"))
    if request.method == "POST" and not form.errors:
        return redirect(request.full_path.removesuffix("?"), code=303)
    shown = {"form": form, "sends": settings().smtp is not None, "is_open": settings().sign_up == SignUp.OPEN}
    return render_template(template, **context, **shown), 422 if form.errors else 200


def in_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    """Make one unit of work of a view that the library wrote, the letter that it sends included.

    The library commits after the answer, if at all; by then there is nothing left to commit.
    """

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.method in ("GET", "HEAD"):
            return view(*args, **kwargs)
        with transaction():
            answer = view(*args, **kwargs)
        wake("mail.drain")
        return answer

    return wrapped


def _load(uniquifier: str) -> User | None:
    if doors.is_stateless(request.endpoint):
        return None
    user = doors.who(uniquifier)
    if user is not None:
        set_request_attr("fs_authn_via", "session")
    return user


def _open(path: str, endpoint: str, view: Callable[..., Any]) -> None:
    bp.add_url_rule(path, endpoint, view, methods=["GET", "POST"])


_open("/sign-in", "login", public(limited.guesses(login)))
_open("/forgot", "forgot_password", public(limited.letters(in_transaction(forgot_password))))
_open("/reset/<token>", "reset_password", public(limited.guesses(in_transaction(reset_password))))
_open("/settings/password", "change_password", limited.guesses(in_transaction(change_password)))
_open("/settings/email", "change_email", limited.guesses(limited.letters(in_transaction(change_email))))
bp.add_url_rule("/settings/email/<token>", "ask_for_new_address", public(address.ask))
bp.add_url_rule(
    "/settings/email/<token>",
    "change_email_confirm",
    public(limited.guesses(address.confirm)),
    methods=["POST"],
)
bp.add_url_rule("/sign-out", "logout", public(logout), methods=["POST"])
