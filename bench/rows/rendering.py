"""One letter: from its values to its bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bench import filling, library
from bench.harness import Row, Target, clocked, compare
from bench.place import SQLITE, Place, application
from crm.database import db, utcnow
from crm.domain.addresses import Addresses
from crm.domain.mail import mime, render
from crm.domain.mail.mime import Letter
from crm.domain.reminders import wording
from crm.models import Kind, Reminder

TARGET = Target(0.2, "the time of email.message.EmailMessage", least=False)
TIMES = 100


def measure(here: Place) -> list[Row]:
    """The bytes against the standard library's; the template with them is told besides."""
    with application(here.settings(SQLITE, "rendering")):
        filling.people(len(filling.KINDS))
        filling.due(len(filling.KINDS))
        values = _values()
        one = _letter(values)
        theirs = clocked(lambda: library.build(one), TIMES)
        return [
            _row(here, "rendering: MIME of one letter", TARGET, lambda: mime.build(one), theirs),
            _row(here, "rendering: template and MIME", None, lambda: mime.build(_letter(values)), theirs),
        ]


def _row(here: Place, name: str, target: Target | None, ours: Any, theirs: Any) -> Row:
    return compare(name, target, clocked(ours, TIMES), theirs, rounds=here.rounds, pieces=TIMES)


def _values() -> dict[str, Any]:
    """What the letter before a talk speaks of."""
    now = utcnow()
    reminder = db.session.scalars(select(Reminder).where(Reminder.kind == Kind.PREPARE)).one()
    values = wording.values(reminder, "once", reminder.due_at, late=False, now=now)
    return {**values, "user": reminder.owner, "addresses": Addresses("https://fika.example.org")}


def _letter(values: dict[str, Any]) -> Letter:
    subject, text, html = render.render("prepare", values)
    return Letter(
        message_id="<out.0123456789abcdef01234567@fika.example.org>",
        date=utcnow(),
        sender="crm@fika.example.org",
        sender_name="Fika",
        to="alice@example.org",
        to_name="Alice Ahlgren",
        subject=subject,
        text=text,
        html=html,
        unsubscribe="https://fika.example.org/u/0123456789012345678901",
    )
