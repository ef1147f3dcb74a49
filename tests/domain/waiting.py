"""Short words for letters that wait, leave and come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crm.database import db, transaction
from crm.domain import mail
from crm.domain.mail import Claimed, Draft
from crm.models import Message, MessageKind
from tests.cast import Cast
from tests.domain.play import HOUSE

SECOND = timedelta(seconds=1)
REMINDER = {"entries": [], "total": 6, "more": 0}


def put(cast: Cast, now: datetime, key: str = "one", **more: Any) -> Message:
    """A letter to Alice; to Ada with `to_contact`."""
    facts: dict[str, Any] = {
        "kind": MessageKind.DIGEST,
        "letter": "catch_up",
        "user": cast.alice,
        "workspace_id": cast.workspace.id,
        "dedupe_key": key,
        "values": REMINDER,
        "contact": cast.ada,
    }
    with transaction():
        return mail.put(Draft(**{**facts, **more}), house=HOUSE, now=now)


def claim(now: datetime) -> list[Claimed]:
    with transaction():
        return mail.claim(now=now)


def under_way(now: datetime) -> Claimed:
    """The one letter that waits, right before its DATA."""
    (letter,) = claim(now)
    with transaction():
        assert mail.transmitting(letter, now=now)
    return letter


def state(message: Message) -> str:
    db.session.refresh(message)
    return message.state.value
