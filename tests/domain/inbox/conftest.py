"""What the tests of the inbox share: a house that reads mail, and a letter that was sent to Ada."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.database import db, transaction
from crm.domain import inbox, mail
from crm.models import Contact, Message, MessageKind, MessageState, Received
from tests.cast import Cast
from tests.domain.inbox.mails import MAILBOX

Take = Callable[..., Received]
HOUSE = mail.Letterhead("http://localhost:8000", MAILBOX, reads_mail=True)


@pytest.fixture
def take(core: Any, now: datetime) -> Take:
    """Take a message in, as the worker does."""

    def taker(raw: bytes, at: datetime | None = None) -> Received:
        found = inbox.read(raw)
        with transaction():
            return inbox.take(found, house=HOUSE, now=at or now)

    return taker


@pytest.fixture
def letter(cast: Cast, now: datetime) -> Message:
    """A letter to Ada that the server took yesterday."""
    return write(cast, cast.ada, now - timedelta(days=1))


def write(cast: Cast, contact: Contact, at: datetime, kind: MessageKind = MessageKind.LETTER) -> Message:
    """A letter to a contact, sent."""
    with transaction():
        contact = db.session.get_one(Contact, contact.id)
        draft = mail.Draft(
            kind=kind,
            letter="test",
            user=contact.owner,
            workspace_id=contact.workspace_id,
            dedupe_key=f"letter {contact.id} {at.isoformat()}",
            values={"facts": []},
            contact=contact,
            to_contact=True,
        )
        message = mail.put(draft, house=HOUSE, now=at)
        message.state, message.sent_at, message.next_try_at = MessageState.SENT, at, None
    return message


def token(message: Message) -> str:
    """The random part of a letter's Message-ID."""
    return message.message_id.removeprefix("<out.").partition("@")[0]
