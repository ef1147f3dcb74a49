"""Undoing an import as a whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, delete, exists, insert, literal, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from crm.database import UTCDateTime, db
from crm.domain import contacts
from crm.domain.errors import NotAllowed
from crm.domain.transfers import merging
from crm.models import (
    OPEN,
    Activity,
    Contact,
    Happened,
    Import,
    ImportChange,
    ImportFile,
    ImportState,
    Interview,
    Message,
    Organisation,
    Reminder,
    ReminderState,
    Stage,
    User,
)

#: What of an entry of the timeline is written for many contacts at once.
NOTED = ("workspace_id", "contact_id", "by_id", "kind", "at", "text", "created_at")

PORTION = 500


def undo(import_: Import, *, by: User, now: datetime) -> None:
    """Take back what an import did; one that still runs stops.

    Contacts that it added go to the trash with all that is owed for them; what it filled in others is
    emptied where it still stands; organisations that nobody else is at are removed. Raises NotAllowed
    where it was undone before, or never started.
    """
    if import_.state is ImportState.UNDONE:
        raise NotAllowed("This import was undone already.")
    if import_.state is ImportState.DRAFT:
        raise NotAllowed("This import was not started yet: there is nothing to undo.")
    import_.state, import_.finished_at, import_.lease_until = ImportState.UNDONE, now, None
    db.session.execute(delete(ImportFile).where(ImportFile.import_id == import_.id))
    db.session.flush()
    _trash(import_, by=by, now=now)
    _give_back(import_, now=now)
    _remove_organisations(import_)


def _trash(import_: Import, *, by: User, now: datetime) -> None:
    """Those with whom something happened one by one, since letters hang on them; the others at once."""
    for contact in db.session.scalars(_added(import_).where(_something_happened())).all():
        contacts.delete(contact, by=by, now=now)
    db.session.flush()
    ids = db.session.scalars(_added(import_).with_only_columns(Contact.id)).all()
    db.session.execute(insert(Activity).from_select(NOTED, _notes(import_, by=by, now=now)))
    # By their ids in portions: planners that know nothing of fresh rows go through all of them otherwise.
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        open_ones = (Reminder.workspace_id == import_.workspace_id, Reminder.state.in_(OPEN))
        drop = update(Reminder).where(*open_ones, Reminder.contact_id.in_(portion))
        _at_once(drop.values(state=ReminderState.CANCELLED, updated_at=now))
        _at_once(update(Contact).where(Contact.id.in_(portion)).values(deleted_at=now, updated_at=now))
    db.session.expire_all()


def _added(import_: Import) -> Select[Contact]:
    return select(Contact).where(
        Contact.workspace_id == import_.workspace_id,
        Contact.import_id == import_.id,
        Contact.deleted_at.is_(None),
    )


def _something_happened() -> ColumnElement[bool]:
    return or_(
        Contact.stage != Stage.LOCATED,
        exists().where(Interview.workspace_id == Contact.workspace_id, Interview.contact_id == Contact.id),
        exists().where(Message.workspace_id == Contact.workspace_id, Message.contact_id == Contact.id),
    )


def _at_once(statement: Update) -> None:
    """Change many rows by one statement; the caller forgets what the session holds of them."""
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _notes(import_: Import, *, by: User, now: datetime) -> Select[*tuple[Any, ...]]:
    """An entry for the timeline of each."""
    return _added(import_).with_only_columns(
        Contact.workspace_id,
        Contact.id,
        literal(by.id),
        literal(Happened.CHANGE.value),
        literal(now, UTCDateTime),
        literal(f"Deleted, since the import of {import_.filename} was undone."),
        literal(now, UTCDateTime),
    )


def _give_back(import_: Import, *, now: datetime) -> None:
    """Empty what was filled in contacts that stay, the last change first."""
    query = (
        select(Contact, ImportChange)
        .join(ImportChange, ImportChange.contact_id == Contact.id)
        .where(
            ImportChange.workspace_id == import_.workspace_id,
            ImportChange.import_id == import_.id,
            Contact.deleted_at.is_(None),
        )
        .options(joinedload(Contact.organisation), selectinload(Contact.tags))
        .order_by(ImportChange.id.desc())
    )
    for contact, change in db.session.execute(query).all():
        merging.give_back(contact, change, now=now)
    db.session.flush()


def _remove_organisations(import_: Import) -> None:
    """Those at which nobody is, not even in the trash: who is restored finds their employer there."""
    is_used = exists().where(
        Contact.workspace_id == Organisation.workspace_id, Contact.organisation_id == Organisation.id
    )
    db.session.execute(
        delete(Organisation).where(
            Organisation.workspace_id == import_.workspace_id, Organisation.import_id == import_.id, ~is_used
        ),
        execution_options={"synchronize_session": False},
    )
