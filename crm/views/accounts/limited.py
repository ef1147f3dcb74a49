"""How often one may guess, and how many letters one may cause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, g, request

from crm.domain import words
from crm.views.limits import caller, limiter

#: Wrong answers: for one account from one place, and from one place in all.
GUESSES_AT_ONE = "10 per 15 minutes"
GUESSES_IN_ALL = "50 per 15 minutes"
#: Letters that are asked for: to one address from one place, and from one place in all.
LETTERS_TO_ONE = "5 per hour"
LETTERS_IN_ALL = "30 per hour"
SIGN_UPS = "20 per hour"

View = Callable[..., Any]


def guesses(view: View) -> View:
    """Slow down whoever tries passwords; what was right costs nothing."""
    inner = limiter.limit(GUESSES_AT_ONE, key_func=_account, methods=["POST"], deduct_when=_refused)(view)
    return limiter.limit(GUESSES_IN_ALL, methods=["POST"], deduct_when=_refused)(inner)


def letters(view: View) -> View:
    """Keep others' mailboxes from being filled."""
    inner = limiter.limit(LETTERS_TO_ONE, key_func=_account, methods=["POST"])(view)
    return limiter.limit(LETTERS_IN_ALL, methods=["POST"])(inner)


def sign_ups(view: View) -> View:
    """Accounts that are made from one place."""
    return limiter.limit(SIGN_UPS, methods=["POST"])(view)


def _account() -> str:
    """The place and the account: whoever is signed in, else the address that was typed."""
    name = g.user.email if g.user else words.line(request.form.get("email", "")).lower()
    # The broker keeps counters, not addresses.
    return f"{caller()} {words.digest(name)}"


def _refused(response: Response) -> bool:
    return response.status_code == 422
