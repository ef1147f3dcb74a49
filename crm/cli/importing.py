"""`crm import`: a list is loaded in this process, as a worker would."""

from __future__ import annotations

from pathlib import Path

import click

from crm.database import transaction, utcnow
from crm.domain import accounts, transfers
from crm.domain.errors import DomainError
from crm.domain.transfers import MOST_BYTES
from crm.models import Import, ImportState, User

COUNTS = ("rows", "added", "merged", "known", "refused", "organisations")


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
        import_id = _start(file, user, source)
    except DomainError as error:
        raise click.ClickException(error.sentence) from error
    done = _run(import_id)
    if done.state is ImportState.FAILED:
        raise click.ClickException(done.problem)
    return ", ".join(f"{name} {getattr(done, name)}" for name in COUNTS)


def _start(file: Path, user: User, source: str) -> int:
    """Keep the list and do the first piece at once: so it is leased to us, and no worker takes it up."""
    with file.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    with transaction():
        started = transfers.start(
            accounts.workspace_of(user), content, filename=file.name, by=user, now=utcnow(), source=source
        )
        transfers.step(started, now=utcnow())
        return started.id


def _run(import_id: int) -> Import:
    """The other pieces, each a unit of work of its own."""
    found = transfers.claimed(import_id, lock=False)
    assert found is not None
    listing = transfers.open_list(found) if found.state in transfers.RUNNING else None
    while True:
        with transaction():
            found = transfers.claimed(import_id)
            assert found is not None
            if not transfers.step(found, now=utcnow(), listing=listing):
                return found
