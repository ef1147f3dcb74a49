"""What the commands about accounts do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_security.recoverable import generate_reset_password_token

from crm.app import create_app
from crm.database import transaction, utcnow
from crm.domain import accounts
from crm.domain.errors import Invalid
from crm.models import User
from crm.settings import Settings
from crm.views.accounts.passwords import hashed
from crm.views.house import addresses


@contextmanager
def web(settings: Settings) -> Iterator[None]:
    """The web's application, which signs links and hashes passwords as the pages expect them."""
    app = create_app(settings)
    with app.app_context(), app.test_request_context(base_url=settings.base_url):
        yield


def add(email: str, name: str, timezone: str, password: str | None) -> User:
    """A new account; a clear line for what cannot be used."""
    values = {"email": email, "name": name, "timezone": timezone}
    try:
        kept = hashed(password) if password is not None else None
        with transaction():
            return accounts.add(values, password_hash=kept, now=utcnow())
    except Invalid as invalid:
        raise click.ClickException(invalid.sentence) from invalid


def reset_link(user: User) -> str:
    """Where a new password is chosen."""
    return addresses().reset(generate_reset_password_token(user))  # type: ignore[no-untyped-call]


def add_token(user: User, name: str) -> str:
    """A new token's secret."""
    try:
        with transaction():
            return accounts.add_token(accounts.workspace_of(user), user, name, now=utcnow())[1]
    except Invalid as invalid:
        raise click.ClickException(invalid.sentence) from invalid
