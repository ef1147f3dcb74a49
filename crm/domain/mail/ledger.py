"""The ledger: every letter that left or waits, and what became of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.domain.errors import NotAllowed, NotFound
from crm.domain.mail import rechecking
from crm.models import Message, MessageState, Workspace

#: What is inside the mail room only, as it is called outside.
SHOWN = {
    MessageState.TRANSMITTING: MessageState.SENDING,
    MessageState.DOUBTFUL: MessageState.SENDING,
}


def get(workspace: Workspace, message_id: int, *, lock: bool = False) -> Message:
    """One letter of this workspace; NotFound otherwise."""
    query = select(Message).where(Message.workspace_id == workspace.id, Message.id == message_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("letter")
    return found


def page(
    workspace: Workspace,
    *,
    state: str | None = None,
    kind: str | None = None,
    contact_id: int | None = None,
    limit: int = 50,
    before: int | None = None,
) -> list[Message]:
    """Letters, newest first; `before` is the id of the last one seen."""
    query = select(Message).where(Message.workspace_id == workspace.id)
    if state:
        inside = [inner for inner, shown in SHOWN.items() if shown == state]
        query = query.where(Message.state.in_([MessageState(state), *inside]))
    if kind:
        query = query.where(Message.kind == kind)
    if contact_id:
        query = query.where(Message.contact_id == contact_id)
    if before:
        query = query.where(Message.id < before)
    return list(db.session.scalars(query.order_by(Message.id.desc()).limit(limit)))


def shown_state(message: Message) -> MessageState:
    """The state as the outside knows it."""
    return SHOWN.get(message.state, message.state)


def undoable(message: Message, now: datetime) -> bool:
    """Whether a letter to a contact can still be taken back: it waits and nobody has tried yet."""
    return (
        message.to_contact
        and message.state is MessageState.WAITING
        and message.attempts == 0
        and message.next_try_at is not None
        and message.next_try_at > now
    )


def send_again(message: Message, *, now: datetime) -> None:
    """A letter of which nobody knows whether it left goes once more, under the same Message-ID.

    Raises NotAllowed for any other.
    """
    _check_uncertain(message)
    (letter,) = rechecking.look([message.id])
    if verdict := rechecking.verdict(letter, now):
        raise NotAllowed(f"This letter cannot be sent again. {verdict[1]}")
    message.state, message.next_try_at, message.server_reply = MessageState.WAITING, now, None


def arrived(message: Message, *, now: datetime) -> None:
    """The user found out that a letter had left; NotAllowed where that was never in doubt."""
    _check_uncertain(message)
    message.state, message.sent_at = MessageState.SENT, now
    message.server_reply = "You noted that it arrived."


def _check_uncertain(message: Message) -> None:
    if message.state is not MessageState.UNCERTAIN:
        raise NotAllowed("What became of this letter is known by now. Look at the page again.")
