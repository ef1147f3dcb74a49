"""Take-out: everything of one workspace in a ZIP, for people (CSV) and for programs (JSON)."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from crm.backup import dump
from crm.database import Base, db
from crm.domain import accounts
from crm.domain.transfers import cells
from crm.models import Contact, User, Workspace

#: What stays here: hashes of secrets are of no use to anybody else.
WITHHELD = {"tokens", "feed_tokens", "idempotency_keys", "subscriptions", "import_files", "devices", "pushes"}
#: And so does what is made from other tables, and made again.
WITHHELD |= {"feed_entries", "feed_marks"}
COLUMNS = ("name", "email", "phone", "title", "stage", "closed", "linkedin_url", "postal_address", "notes")


def write(file: Path, user: User) -> int:
    """Write a user's workspace into a new file of mode 0600; answers the number of rows."""
    workspace = accounts.workspace_of(user)
    file.touch(mode=0o600)
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("contacts.csv", "\ufeff" + "".join(_contacts(workspace)))
        with db.engine.connect() as connection:
            for name, rows in _tables(connection, workspace):
                archive.writestr(f"{name}.json", json.dumps(rows, ensure_ascii=False, indent=1))
                count += len(rows)
    return count


def _tables(connection: Connection, workspace: Workspace) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for table in Base.metadata.sorted_tables:
        if "workspace_id" in table.c and table.name not in WITHHELD:
            yield table.name, list(dump(connection, table, table.c.workspace_id == workspace.id))


def _contacts(workspace: Workspace) -> Iterator[str]:
    """One line a contact, whose cells no spreadsheet calculates."""
    yield cells.row([*COLUMNS, "organisation", "tags"])
    query = select(Contact).where(Contact.workspace_id == workspace.id, Contact.deleted_at.is_(None))
    for contact in db.session.scalars(query.order_by(Contact.name_key)):
        organisation = contact.organisation.name if contact.organisation else ""
        tags = ", ".join(contact.tag_names)
        yield cells.row([*(getattr(contact, name) or "" for name in COLUMNS), organisation, tags])
