"""The first account, and further ones where the installation lets people in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_security import login_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField, SelectField, StringField

from crm.database import exclusive, transaction, utcnow
from crm.domain import accounts
from crm.domain.errors import Invalid
from crm.models import User
from crm.views import forms
from crm.views.accounts import limited, passwords
from crm.views.doors import public
from crm.views.forms.settings import zones
from crm.views.house import settings

bp = Blueprint("accounts", __name__)


class SignUpForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Who somebody is, and what they want to sign in with."""

    name = StringField("Your name")
    email = EmailField("E-mail address")
    password = PasswordField("Password")
    timezone = SelectField("Time zone", choices=zones, default="UTC")


@bp.get("/sign-up")
@public
def sign_up() -> Any:
    """The form, while it is open."""
    return _page(SignUpForm()) if _is_open() else _closed()


@bp.post("/sign-up")
@public
@limited.sign_ups
def create() -> Any:
    """Make the account and come in."""
    form = SignUpForm()
    try:
        with transaction():
            # Two that come at once must not both be the first.
            exclusive("sign-up")
            if not _is_open():
                return _closed()
            user = _add(form)
    except Invalid as invalid:
        forms.show(form, invalid)
        return _page(form), 422
    login_user(user)
    return redirect("/", code=303)


def _add(form: SignUpForm) -> User:
    values = {"name": form.name.data, "email": form.email.data, "timezone": form.timezone.data}
    accounts.check(values, form.password.data or "")
    return accounts.add(values, password_hash=passwords.hashed(form.password.data or ""), now=utcnow())


def _is_open() -> bool:
    return accounts.may_sign_up(settings().sign_up)


def _closed() -> Response:
    flash("No further accounts are made here. Ask whoever runs this installation for one.", "info")
    return redirect(url_for("security.login"), code=303)


def _page(form: SignUpForm) -> str:
    return render_template("accounts/sign_up.html", form=form, first=not accounts.anybody())
