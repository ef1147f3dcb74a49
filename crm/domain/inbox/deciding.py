"""What the user decides about mail that came in: who becomes a contact, and whether an answer was a yes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from crm.database import db
from crm.domain import contacts, touches
from crm.domain.errors import NotAllowed, NotFound
from crm.domain.inbox import answering, matching
from crm.models import Activity, Came, Contact, Direction, Received, Stage, User, Workspace

SOURCE = "E-mail"
#: Offers of one person that are taken together.
TOGETHER = 50


def get(workspace: Workspace, received_id: int, *, lock: bool = False) -> Received:
    """One message of this workspace; NotFound otherwise."""
    query = select(Received).where(Received.workspace_id == workspace.id, Received.id == received_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("message")
    return found


def page(
    workspace: Workspace, *, is_open: bool = False, limit: int = 50, before: int | None = None
) -> list[Received]:
    """What came in, the latest first; `is_open`: only what is still to be decided."""
    query = select(Received).where(Received.workspace_id == workspace.id)
    if is_open:
        query = query.where(Received.kind == Came.OFFER, Received.settled_at.is_(None))
    if before:
        query = query.where(Received.id < before)
    return list(db.session.scalars(query.order_by(Received.id.desc()).limit(limit)))


def accept(row: Received, *, workspace: Workspace, by: User, now: datetime) -> Contact:
    """Make the contact, with all that came from or went to them; NotAllowed for what is no open offer."""
    _check_open(row)
    contact = matching.within(workspace.id, row.sender)
    if contact is None:
        name = row.sender_name or row.sender.partition("@")[0]
        values = {"name": name, "email": row.sender, "source": SOURCE}
        contact = contacts.add(workspace, values, by=by, now=now)
    for each in _same(row):
        _write_down(each, contact, by=by, now=now)
    db.session.flush()
    return contact


def ignore(row: Received, *, now: datetime) -> None:
    """Leave it: of what they wrote nothing is kept. NotAllowed for what is no open offer."""
    _check_open(row)
    row.settled_at, row.text, row.quoted = now, "", ""
    db.session.flush()


def suggestion(contact: Contact) -> Received | None:
    """The answer that suggests a move which the user has neither made nor waved away."""
    if contact.closed or touches.suggested(contact.stage) is None:
        return None
    query = select(Received).join(Activity, Activity.id == Received.activity_id)
    query = query.where(
        Received.workspace_id == contact.workspace_id,
        Received.contact_id == contact.id,
        Received.kind == Came.REPLY,
        Received.settled_at.is_(None),
        # When it became known here: it may have been written long before.
        Activity.created_at >= contact.stage_since,
    )
    return db.session.scalars(query.order_by(Received.id.desc()).limit(1)).first()


def suggests() -> ColumnElement[bool]:
    """Whether an answer suggests a move, as a column beside a contact's own."""
    query = select(Received.id).join(Activity, Activity.id == Received.activity_id)
    return (
        query.where(
            Received.workspace_id == Contact.workspace_id,
            Received.contact_id == Contact.id,
            Received.kind == Came.REPLY,
            Received.settled_at.is_(None),
            Activity.created_at >= Contact.stage_since,
            Contact.stage.in_([stage for stage in Stage if touches.suggested(stage)]),
        )
        .correlate(Contact)
        .exists()
    )


def wave_away(contact: Contact, *, now: datetime) -> None:
    """It was no yes: their answers so far suggest nothing any more."""
    query = select(Received).where(
        Received.workspace_id == contact.workspace_id,
        Received.contact_id == contact.id,
        Received.kind == Came.REPLY,
        Received.settled_at.is_(None),
    )
    for row in db.session.scalars(query):
        row.settled_at = now


def of_entries(workspace: Workspace, activity_ids: Sequence[int]) -> dict[int, Received]:
    """The messages that became these entries of a timeline."""
    query = select(Received).where(
        Received.workspace_id == workspace.id, Received.activity_id.in_(activity_ids)
    )
    return {row.activity_id: row for row in db.session.scalars(query) if row.activity_id is not None}


def _write_down(row: Received, contact: Contact, *, by: User, now: datetime) -> None:
    text = answering.shown(row.subject, row.text)
    if row.direction is Direction.OUT:
        logged = touches.wrote(contact, text, by=by, at=row.at, now=now)
        row.kind, row.sentence, row.settled_at = Came.SENT, f"You wrote to {contact.name}.", now
    else:
        logged = touches.heard(contact, text, at=row.at, now=now)
        # Open again, as an answer that may be a yes.
        row.kind, row.sentence = Came.REPLY, f"{contact.name} wrote to you."
    row.contact_id, row.activity_id = contact.id, logged.activity.id


def _same(row: Received) -> list[Received]:
    """All open offers of the same person, the oldest first."""
    query = select(Received).where(
        Received.workspace_id == row.workspace_id,
        Received.kind == Came.OFFER,
        Received.settled_at.is_(None),
        Received.sender == row.sender,
    )
    return list(db.session.scalars(query.order_by(Received.at).limit(TOGETHER)))


def _check_open(row: Received) -> None:
    if not row.is_open:
        raise NotAllowed("This was decided before. Look at the page again.")
