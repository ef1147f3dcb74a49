"""Taking letters back while nobody has tried to send them."""

from __future__ import annotations

from sqlalchemy import select, update

from crm.database import db
from crm.domain.mail.bodies import wipe
from crm.domain.mail.sending import rows
from crm.models import Contact, Message, MessageKind, MessageState


def withdraw(message: Message, reason: str) -> bool:
    """Take a waiting letter back before anybody tries it; False where it is too late."""
    result = db.session.execute(
        update(Message)
        .where(Message.id == message.id, Message.state == MessageState.WAITING)
        .values(state=MessageState.CANCELLED, server_reply=reason, next_try_at=None)
    )
    db.session.refresh(message)
    withdrawn = rows(result) == 1
    if withdrawn and message.kind is MessageKind.ACCOUNT:
        wipe(message.id)
    return withdrawn


def withdraw_for(contact: Contact, reason: str) -> None:
    """Write to this contact no more: whatever still waits for them is taken back."""
    query = select(Message).where(
        Message.workspace_id == contact.workspace_id,
        Message.contact_id == contact.id,
        Message.state == MessageState.WAITING,
    )
    for message in db.session.scalars(query).all():
        withdraw(message, reason)
