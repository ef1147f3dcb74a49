"""Imports: started with a list, looked at, confirmed, reported on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import words
from crm.domain.errors import Invalid, NotAllowed, NotFound
from crm.domain.transfers import cells, formats, members
from crm.domain.transfers.listing import Preview
from crm.domain.transfers.loading import open_list
from crm.models import Campaign, Contact, Import, ImportFile, ImportRefusal, ImportState, User, Workspace

#: Errors that stand with the import itself; the report has all.
SHOWN = 100
NOBODY = "Say which column holds the names: without a name, an address or an organisation a row is nobody."


def start(
    workspace: Workspace,
    content: bytes,
    *,
    filename: str,
    by: User,
    now: datetime,
    campaign: Campaign | None = None,
    source: str = "",
    draft: bool = False,
) -> Import:
    """Keep a list for a worker to load; as a draft it waits until its columns were looked at.

    Raises Unreadable, with a sentence, for a file that is no list.
    """
    listing = formats.recognise(filename, content)
    import_ = Import(
        workspace_id=workspace.id,
        user_id=by.id,
        campaign_id=campaign.id if campaign else None,
        source=words.line(source)[:200],
        filename=words.line(PurePath(filename.replace("\\", "/")).name)[:200] or "pasted text",
        format=listing.key,
        mapping=_as_json(listing.mapping),
        state=ImportState.DRAFT if draft else ImportState.WAITING,
        position=0,
        created_at=now,
    )
    db.session.add(import_)
    db.session.flush()
    db.session.add(ImportFile(import_id=import_.id, workspace_id=workspace.id, content=content))
    return import_


def get(workspace: Workspace, import_id: int, *, lock: bool = False) -> Import:
    """One import of this workspace; NotFound otherwise."""
    query = select(Import).where(Import.workspace_id == workspace.id, Import.id == import_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("import")
    return found


def latest(workspace: Workspace, limit: int = 50, before: int | None = None) -> list[Import]:
    """The imports of a workspace, the latest first; `before` is the id of the last one seen."""
    query = select(Import).where(Import.workspace_id == workspace.id)
    if before is not None:
        query = query.where(Import.id < before)
    return list(db.session.scalars(query.order_by(Import.id.desc()).limit(limit)))


def preview(import_: Import, mapping: Mapping[str, str] | None = None) -> Preview:
    """What the list would give, with its own columns or with those that the user tries."""
    file = db.session.get(ImportFile, import_.id)
    if mapping is None or file is None:
        return open_list(import_).preview()
    return formats.recognise(import_.filename, file.content, mapping).preview()


def remap(import_: Import, mapping: Mapping[str, str]) -> None:
    """Take the columns of a draft for what the user says. NotAllowed for any other import."""
    _check_draft(import_)
    if import_.mapping is not None:
        import_.mapping = _as_json(formats.mapping_of(mapping))


def confirm(
    import_: Import,
    *,
    mapping: Mapping[str, str] | None = None,
    campaign: Campaign | None = None,
    source: str = "",
) -> None:
    """Let a draft be loaded, with the columns as the user left them. NotAllowed for any other import.

    Raises Invalid where no column says whom a row is about.
    """
    _check_draft(import_)
    if mapping is not None:
        remap(import_, mapping)
    if import_.mapping is not None and members.NAMED.isdisjoint(import_.mapping.values()):
        raise Invalid(mapping=NOBODY)
    import_.campaign_id = campaign.id if campaign else import_.campaign_id
    import_.source = words.line(source)[:200] or import_.source
    import_.state = ImportState.WAITING


def discard(import_: Import) -> None:
    """Throw a draft away with its list. NotAllowed for any other import."""
    _check_draft(import_)
    db.session.execute(delete(ImportFile).where(ImportFile.import_id == import_.id))
    db.session.delete(import_)


def people(import_: Import, limit: int) -> list[Contact]:
    """The first contacts that an import added and that are still there."""
    query = select(Contact).where(
        Contact.workspace_id == import_.workspace_id,
        Contact.import_id == import_.id,
        Contact.deleted_at.is_(None),
    )
    query = query.options(joinedload(Contact.organisation))
    return list(db.session.scalars(query.order_by(Contact.id).limit(limit)))


def refusals(import_: Import, limit: int | None = SHOWN) -> list[ImportRefusal]:
    """The rows that could not be read, by their lines."""
    query = select(ImportRefusal).where(
        ImportRefusal.workspace_id == import_.workspace_id, ImportRefusal.import_id == import_.id
    )
    query = query.order_by(ImportRefusal.line, ImportRefusal.id).limit(limit)
    return list(db.session.scalars(query))


def report(import_: Import) -> Iterator[str]:
    """All rows that could not be read, as lines of a CSV file whose cells no spreadsheet calculates."""
    yield "\ufeff" + cells.row(["line", "reason"])
    for refusal in refusals(import_, limit=None):
        yield cells.row([refusal.line, refusal.reason])


def _check_draft(import_: Import) -> None:
    if import_.state is not ImportState.DRAFT:
        raise NotAllowed("This import was started already.")


def _as_json(mapping: Mapping[int, str] | None) -> dict[str, str] | None:
    return None if mapping is None else {str(column): str(field) for column, field in mapping.items()}
