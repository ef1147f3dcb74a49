"""Settings: who one is, and the keys of one's programs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_security import login_user
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import accounts
from crm.domain.errors import Invalid
from crm.models import User
from crm.views import forms
from crm.views.forms.settings import ProfileForm, TokenForm

bp = Blueprint("settings", __name__)


@bp.get("/settings")
def profile() -> str:
    """Name and zone."""
    return _profile(ProfileForm(obj=g.user))


@bp.post("/settings")
def change_profile() -> Any:
    """Change them."""
    form = ProfileForm()
    try:
        with transaction():
            values = {"name": form.name.data, "timezone": form.timezone.data}
            accounts.change(g.user, values, now=utcnow())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _profile(form), 422
    return _back("settings.profile", "Kept.")


@bp.post("/settings/sessions/end")
def end_sessions() -> Response:
    """Sign out everywhere else."""
    user: User = g.user
    with transaction():
        accounts.end_sessions(user)
    login_user(user)
    return _back("settings.profile", "Everywhere else you are signed out.")


@bp.get("/settings/tokens")
def tokens() -> str:
    """The keys of this user's programs."""
    return _tokens(TokenForm())


@bp.post("/settings/tokens")
def add_token() -> Any:
    """A new key: its secret stands on the page that answers, and nowhere else ever again."""
    form = TokenForm()
    try:
        with transaction():
            _, secret = accounts.add_token(g.workspace, g.user, form.name.data or "", now=utcnow())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _tokens(form), 422
    return _tokens(TokenForm(formdata=None), secret), 201


@bp.post("/settings/tokens/<id:token_id>/revoke")
def revoke(token_id: int) -> Response:
    """A key stops to work at once."""
    with transaction():
        accounts.revoke(g.workspace, g.user, token_id, now=utcnow())
    return _back("settings.tokens", "That token is revoked. Programs that used it are shut out.")


def _profile(form: ProfileForm) -> str:
    return render_template("settings/profile.html", form=form)


def _tokens(form: TokenForm, secret: str = "") -> str:
    found = accounts.tokens(g.workspace, g.user)
    return render_template("settings/tokens.html", form=form, tokens=found, secret=secret)


def _back(endpoint: str, sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for(endpoint), code=303)
