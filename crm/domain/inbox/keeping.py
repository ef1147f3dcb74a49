"""What is kept of a message: the row, within the limits of every column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from crm.database import db
from crm.domain import words
from crm.domain.inbox.reading import Incoming
from crm.domain.mail import Letterhead
from crm.models import Came, Received

#: How far back a message's own date is believed; its program's clock may be wrong.
BELIEVED = timedelta(days=7)
#: How long the hash of a message that concerns nobody is kept: as far back as a mailbox is ever read again.
KEPT = timedelta(days=90)
#: A mailbox is read again by whole days, of a zone that nobody tells.
DAYS = timedelta(days=2)
SENTENCE = 500


@dataclass(frozen=True)
class Case:
    """A message, where it came to, and when."""

    mail: Incoming
    house: Letterhead
    now: datetime

    @property
    def at(self) -> datetime:
        """When it was written, as far as its date can be believed."""
        told = self.mail.at
        return told if told is not None and self.now - BELIEVED <= told <= self.now else self.now


def known(digest: str) -> Received | None:
    """The row of a message that came before."""
    return db.session.scalars(select(Received).where(Received.digest == digest)).first()


def keep(case: Case, kind: Came, sentence: str, *, workspace_id: int, **facts: Any) -> Received:
    """Keep a message that concerns somebody."""
    mail = case.mail
    row = {
        "sender": mail.sender.address[:254],
        "sender_name": words.line(mail.sender.name)[:200],
        "subject": words.line(mail.subject)[:300],
        "text": words.block(mail.text),
        "quoted": words.block(mail.quoted),
        "at": case.at,
        "digest": mail.digest,
    }
    return _add(
        Received(
            **{**row, **facts},
            kind=kind,
            workspace_id=workspace_id,
            sentence=words.line(sentence)[:SENTENCE],
            received_at=case.now,
        )
    )


def forget(case: Case) -> Received:
    """Keep of a message that concerns nobody here only that it was read."""
    row = Received(digest=case.mail.digest, kind=Came.UNKNOWN, at=case.now, received_at=case.now)
    return _add(row)


def sweep(*, now: datetime) -> None:
    """Forget even the hashes, once no mailbox is read so far back any more."""
    old = select(Received.id).where(Received.kind == Came.UNKNOWN, Received.at < now - KEPT - DAYS).limit(500)
    db.session.execute(
        delete(Received).where(Received.id.in_(old)), execution_options={"synchronize_session": False}
    )


def _add(row: Received) -> Received:
    db.session.add(row)
    db.session.flush()
    return row
