"""`crm import`: a list is loaded in this process, as a worker would."""

from __future__ import annotations

from pathlib import Path

import click

from crm.database import transaction, utcnow
from crm.domain import accounts
from crm.domain.errors import DomainError
from crm.domain.transfers import imports, loading
from crm.models import ImportState, User


def user_of(email: str) -> User:
    """The account with that address; a clear line where there is none."""
    user = accounts.by_email(email)
    if user is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return user


def load(file: Path, email: str, source: str) -> str:
    """Bring the list in; answers what became of it in one line."""
    user = user_of(email)
    try:
        with transaction():
            started = imports.start(
                accounts.workspace_of(user),
                file.read_bytes(),
                filename=file.name,
                by=user,
                now=utcnow(),
                source=source,
            )
            import_id = started.id
    except DomainError as error:
        raise click.ClickException(error.sentence) from error
    return _run(user, import_id)


def _run(user: User, import_id: int) -> str:
    while True:
        with transaction():
            found = imports.get(accounts.workspace_of(user), import_id, lock=True)
            if not loading.step(found, now=utcnow()):
                break
    if found.state is ImportState.FAILED:
        raise click.ClickException(found.problem)
    counts = ("rows", "added", "merged", "known", "refused", "organisations")
    return ", ".join(f"{name} {getattr(found, name)}" for name in counts)
