"""The inbox: what came in by mail, who is offered as a contact, and messages as files."""

from __future__ import annotations

from typing import Annotated

from apiflask.fields import UploadFile
from pydantic import Field

from crm.database import utcnow
from crm.domain import inbox
from crm.models import Came, Direction, Received
from crm.views.api import gate
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Id, Instant, Nothing, Shown
from crm.views.house import house


class NewMessage(Body):
    """A message as it was saved."""

    file: UploadFile


class ReceivedShown(Shown):
    """A message that came in, and what became of it."""

    id: Id
    kind: Came
    contact: Id | None
    message: Annotated[Id | None, Field(description="The letter that it answers, or tells of.")]
    at: Instant
    received_at: Instant
    direction: Annotated[Direction | None, Field(description="Of an offer: who wrote, they or you.")]
    sender: Annotated[str, Field(description="Of an offer: whom it is about.")]
    sender_name: str
    subject: str
    text: Annotated[str, Field(description="What was written, without what was quoted.")]
    sentence: Annotated[str, Field(description="What it means.")]
    open: Annotated[bool, Field(description="Whether it is an offer that waits to be accepted or ignored.")]


class ReceivedPage(Page):
    """A page of what came in, the latest first."""

    items: list[ReceivedShown]


class InboxQuery(Paging):
    """Which messages."""

    open: Annotated[bool, Field(description="Only offers that wait.")] = False


@bp.get("/inbox")
@bp.input(InboxQuery, location="query", arg_name="query")
@bp.output(ReceivedPage)
def list_inbox(query: InboxQuery) -> ReceivedPage:
    """List what came in by mail, the latest first."""
    (before,) = query.after(int) or (None,)
    found = inbox.page(workspace(), is_open=query.open, limit=query.limit + 1, before=before)
    page, cursor = cut(found, query.limit, lambda row: (row.id,))
    return ReceivedPage(items=[_shown(row) for row in page], next=cursor)


@bp.post("/inbox")
@writes
@bp.input(NewMessage, location="files", arg_name="body")
@bp.output(ReceivedShown, 201)
def add_message(body: NewMessage) -> ReceivedShown:
    """Give a message as a file (.eml): it joins its contact's timeline, or offers to make one."""
    found = inbox.read(body.file.read())
    return _shown(inbox.take_file(found, workspace=workspace(), user=user(), house=house(), now=utcnow()))


@bp.post("/inbox/<id:received_id>/accept")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(ReceivedShown)
def accept_offer(received_id: int, _body: Nothing) -> ReceivedShown:
    """Make the contact that a message offers."""
    row = inbox.get(workspace(), received_id, lock=True)
    inbox.accept(row, workspace=workspace(), by=user(), now=utcnow())
    return _shown(row)


@bp.post("/inbox/<id:received_id>/ignore")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(ReceivedShown)
def ignore_offer(received_id: int, _body: Nothing) -> ReceivedShown:
    """Leave an offer; nothing of the message is kept."""
    row = inbox.get(workspace(), received_id, lock=True)
    inbox.ignore(row, now=utcnow())
    return _shown(row)


def _shown(row: Received) -> ReceivedShown:
    return ReceivedShown(
        id=str(row.id),
        kind=row.kind,
        contact=_id(row.contact_id),
        message=_id(row.letter_id),
        at=row.at,
        received_at=row.received_at,
        direction=row.direction,
        sender=row.sender,
        sender_name=row.sender_name,
        subject=row.subject,
        text=row.text,
        sentence=row.sentence,
        open=row.is_open,
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


gate.keepers["received_id"] = lambda received_id: inbox.get(workspace(), received_id)
gate.uploads.add("api.add_message")
