"""The last step of a new address: the letter's link shows a page, and its button changes the address."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_security.change_email import change_email_confirm
from flask_security.utils import check_and_get_token_status, verify_hash

from crm.database import transaction
from crm.domain import accounts
from crm.models import User
from crm.views.accounts import letters
from crm.views.accounts.words import WORDS
from crm.wake import wake


def ask(token: str) -> Any:
    """A link in a letter changes nothing by being opened: programs open links too."""
    user, new = _read(token)
    if user is None:
        flash(*WORDS["API_ERROR"])
        return redirect(url_for("security.change_email"), code=303)
    return render_template("accounts/new_address.html", new=new, old=user.email)


def confirm(token: str) -> Any:
    """Change it, and tell the old address."""
    with transaction():
        user, new = _read(token)
        old = user.email if user else ""
        answer = change_email_confirm(token)  # type: ignore[no-untyped-call]
        if user is not None and user.email == new:
            letters.write(letters.ADDRESS_CHANGED, user, to=old)
    wake("mail.drain")
    return answer


def _read(token: str) -> tuple[User | None, str]:
    """Whose link it is and the address in it; None for a link that is spoilt, old or used."""
    expired, invalid, found = check_and_get_token_status(token, "change_email", letters.LINK_LASTS)
    if expired or invalid or not found:
        return None, ""
    uniquifier, old, new = found
    user = accounts.by_uniquifier(uniquifier)
    return (user, new) if user is not None and verify_hash(old, user.email) else (None, "")
