"""What waits to leave, whole and parsed back, and short words for what causes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, NamedTuple

from icalendar import Calendar
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import contacts, interviews
from crm.models import Interview, Message, MessageState
from tests.cast import Cast
from tests.domain.play import HOUSE, local

#: An installation that reads its mail.
HOME = replace(HOUSE, reads_mail=True)
TALK = local("2026-03-20 10:00")


class Letter(NamedTuple):
    """What a letter and the calendar in it say."""

    mail: EmailMessage
    method: str
    event: Any

    @property
    def sums_up(self) -> tuple[str, str, int, str]:
        """To whom, what, with which SEQUENCE and STATUS."""
        status = str(self.event.get("STATUS", ""))
        return self.mail["To"].addresses[0].addr_spec, self.method, int(self.event["SEQUENCE"]), status


def read(message: Message) -> Letter:
    mail = message_from_bytes(message.raw or b"", policy=policy.default)
    parts = {part.get_content_type(): part for part in mail.walk()}
    calendar = Calendar.from_ical(parts["text/calendar"].get_content())
    attached = parts["application/ics"].get_content()
    assert Calendar.from_ical(attached) == calendar
    assert parts["text/calendar"].get_param("method") == str(calendar["METHOD"])
    return Letter(mail, str(calendar["METHOD"]), calendar.walk("VEVENT")[0])


def leaving(*, deliver: bool = True) -> list[Letter]:
    """What waits, which then leaves."""
    query = select(Message).where(Message.state == MessageState.WAITING).order_by(Message.id)
    with transaction():
        found = list(db.session.scalars(query))
        letters = [read(message) for message in found]
        for message in found if deliver else []:
            message.state = MessageState.SENT
    return letters


def plan(cast: Cast, now: datetime, **more: Any) -> Interview:
    with transaction():
        given: dict[str, Any] = {"starts_at": TALK, "house": HOME} | more
        return interviews.plan(cast.ada, by=cast.alice, now=now, **given)


def change(cast: Cast, talk: Interview, now: datetime, **values: Any) -> None:
    with transaction():
        interviews.change(talk, values, by=cast.alice, now=now, house=HOME)


def move_to(cast: Cast, email: str, now: datetime) -> None:
    with transaction():
        contacts.change(cast.ada, {"email": email}, by=cast.alice, now=now)
        interviews.follow_address(cast.ada, by=cast.alice, now=now, house=HOME)
