"""The organisations of a piece of a list: found by their names, made where they are new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from crm.database import db
from crm.domain import words
from crm.domain.transfers.rows import Employer
from crm.models import Contact, Import, ImportState, Organisation


@dataclass(frozen=True)
class Employers:
    """Organisations by the key of their name, and how many of them this piece made."""

    by_key: dict[str, Organisation]
    made: int

    def named(self, name: str) -> Organisation | None:
        """The organisation of that name; None for no name."""
        return self.by_key.get(words.key(name)) if name else None


def find_or_make(employers: Iterable[Employer], import_: Import, *, now: datetime) -> Employers:
    """All these organisations. One that only an undone import knew counts as made."""
    wanted = _by_key(employers)
    found = _named(import_.workspace_id, wanted)
    left_over = _left_over(import_.workspace_id, found)
    for organisation in left_over:
        organisation.import_id = import_.id
    missing = [key for key in wanted if key not in found]
    if missing:
        rows = [_row(wanted[key], key, import_, now=now) for key in missing]
        db.session.execute(_insert_unless_there(), rows)
        found |= _named(import_.workspace_id, missing)
    made = sum(found[key].import_id == import_.id for key in missing)
    return Employers(found, made + len(left_over))


def _by_key(employers: Iterable[Employer]) -> dict[str, Employer]:
    """One for each name, with the first of each fact that the rows give."""
    found: dict[str, Employer] = {}
    for employer in employers:
        key = words.key(employer.name)
        one = found.setdefault(key, employer)
        found[key] = replace(
            one,
            email=one.email or employer.email,
            phone=one.phone or employer.phone,
            website=one.website or employer.website,
            postal_address=one.postal_address or employer.postal_address,
        )
    return found


def _named(workspace_id: int, keys: Iterable[str]) -> dict[str, Organisation]:
    query = select(Organisation).where(
        Organisation.workspace_id == workspace_id, Organisation.name_key.in_(list(keys))
    )
    return {organisation.name_key: organisation for organisation in db.session.scalars(query)}


def _left_over(workspace_id: int, found: dict[str, Organisation]) -> list[Organisation]:
    """Those that an undone import made and that stayed only for its contacts in the trash."""
    suspects = [organisation.id for organisation in found.values() if organisation.import_id is not None]
    if not suspects:
        return []
    is_used = exists().where(
        Contact.workspace_id == workspace_id,
        Contact.organisation_id == Organisation.id,
        Contact.deleted_at.is_(None),
    )
    query = (
        select(Organisation)
        .join(Import, Import.id == Organisation.import_id)
        .where(
            Organisation.workspace_id == workspace_id,
            Organisation.id.in_(suspects),
            Import.state == ImportState.UNDONE,
            ~is_used,
        )
    )
    return list(db.session.scalars(query))


def _insert_unless_there() -> Insert:
    """Two imports at once may bring the same organisation: the second leaves the first one's alone."""
    if db.session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(Organisation).on_conflict_do_nothing()
    return sqlite.insert(Organisation).on_conflict_do_nothing()


def _row(employer: Employer, key: str, import_: Import, *, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": import_.workspace_id,
        "name": employer.name,
        "name_key": key,
        "website": employer.website,
        "phone": employer.phone,
        "email": employer.email,
        "address": employer.postal_address,
        "notes": "",
        "import_id": import_.id,
        "created_at": now,
    }
