"""What the tests of imports ask of one that was loaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from crm.database import db, transaction
from crm.domain.transfers import undoing
from crm.models import Contact, Import, User, Workspace

Bring = Callable[..., Import]
TWO = b"Name,E-mail,Phone,Tags\nAda Ek,ada@example.org,,Water\nBo Berg,bo@example.org,555-0100,\n"


def counts(import_: Import) -> tuple[int, int, int, int, int, int]:
    """Rows, added, merged, known, refused, organisations."""
    one = import_
    return one.rows, one.added, one.merged, one.known, one.refused, one.organisations


def undo(import_: Import, alice: User, now: datetime) -> None:
    """In a transaction, as the page does it."""
    with transaction():
        undoing.undo(db.session.get_one(Import, import_.id), by=db.session.get_one(User, alice.id), now=now)


def there(desk: Workspace) -> list[str]:
    """The names of the contacts that are not in the trash."""
    query = select(Contact.name).where(Contact.workspace_id == desk.id, Contact.deleted_at.is_(None))
    return list(db.session.scalars(query.order_by(Contact.id)))
