"""Messages: the ledger of every letter that left or waits."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from crm.domain import mail
from crm.models import Message, MessageKind, MessageState
from crm.views.api import gate
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, workspace
from crm.views.api.values import Id, Instant, Shown, number, refuse, told

#: The states that the outside knows; others are the mail room's own.
STATES = [state.value for state in MessageState if state not in mail.SHOWN]


def _known(state: str) -> str:
    if state not in STATES:
        raise refuse(f"Choose one of: {', '.join(STATES)}.")
    return state


State = Annotated[str, AfterValidator(_known), told(enum=STATES)]


class BounceShown(Shown):
    """Why a letter came back that the server had taken."""

    status: Annotated[str, Field(description="RFC 3463, such as 5.1.1; empty where none was told.")]
    reason: str


class MessageShown(Shown):
    """A letter, and what became of it."""

    id: Id
    to: str
    subject: str
    kind: MessageKind
    contact: Id | None
    state: State
    message_id: str
    attempts: int
    next_try_at: Instant | None
    sent_at: Instant | None
    server_reply: str | None
    bounce: BounceShown | None
    created_at: Instant


class MessagePage(Page):
    """A page of the ledger, newest first."""

    items: list[MessageShown]


class MessageQuery(Paging):
    """Which letters."""

    state: State | None = None
    kind: MessageKind | None = None
    contact: Id | None = None


@bp.get("/messages")
@bp.input(MessageQuery, location="query", arg_name="query")
@bp.output(MessagePage)
def list_messages(query: MessageQuery) -> MessagePage:
    """List letters, newest first."""
    found = mail.page(
        workspace(),
        state=query.state,
        kind=query.kind,
        contact_id=None if query.contact is None else number(query.contact),
        limit=query.limit + 1,
        before=(query.after(int) or (None,))[0],
    )
    page, cursor = cut(found, query.limit, lambda message: (message.id,))
    return MessagePage(items=[_shown(message) for message in page], next=cursor)


@bp.get("/messages/<id:message_id>")
@bp.output(MessageShown)
def get_message(message_id: int) -> MessageShown:
    """Read what became of one letter."""
    return _shown(mail.get(workspace(), message_id))


def _shown(message: Message) -> MessageShown:
    return MessageShown(
        id=str(message.id),
        to=message.to,
        subject=message.subject,
        kind=message.kind,
        contact=None if message.contact_id is None else str(message.contact_id),
        state=mail.shown_state(message),
        message_id=message.message_id,
        attempts=message.attempts,
        next_try_at=message.next_try_at,
        sent_at=message.sent_at,
        server_reply=message.server_reply,
        bounce=_bounce(message),
        created_at=message.created_at,
    )


def _bounce(message: Message) -> BounceShown | None:
    if message.bounced_at is None:
        return None
    return BounceShown(status=message.bounce_status or "", reason=message.bounce_reason or "")


gate.keepers["message_id"] = lambda message_id: mail.get(workspace(), message_id)
