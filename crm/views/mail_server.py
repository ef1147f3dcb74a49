"""The mail server, for the owner alone: whether letters get out, how fast, and what is promised."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from crm.database import transaction
from crm.domain import mail
from crm.domain.errors import Invalid, NotFound
from crm.views import forms
from crm.views.filters import now
from crm.views.forms.settings import RateForm
from crm.views.house import settings

bp = Blueprint("mail_server", __name__)


@bp.get("/settings/mail")
def show() -> str:
    """How things stand."""
    _check_owner()
    return _page(RateForm(per_hour=mail.channel().per_hour))


@bp.post("/settings/mail")
def change() -> Any:
    """Set the rate, or have none."""
    _check_owner()
    form = RateForm()
    try:
        with transaction():
            mail.set_rate(form.read())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _page(form), 422
    flash("Kept. It counts from the next letter on.")
    return redirect(url_for("mail_server.show"), code=303)


def _check_owner() -> None:
    """To everybody else these pages are not there."""
    if not g.user.is_owner:
        raise NotFound("page")


def _page(form: RateForm) -> str:
    chosen, channel = settings(), mail.channel()
    return render_template(
        "settings/mail.html",
        form=form,
        channel=channel,
        sends=chosen.smtp is not None,
        is_demo=chosen.never_send,
        journal=chosen.mail_journal,
        grace=chosen.mail_journal_grace,
        doubt=mail.oldest_doubt(),
        is_held=mail.is_at_rate(now=now()),
    )
