"""Answers as calendar programs write them: our own, made from what the standards document, nobody's mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from crm.database import transaction
from crm.domain import answers
from crm.domain.answers import Taken
from crm.domain.mail.plus import Tag, tagged
from crm.models import Interview, Rsvp
from tests.domain.play import HOUSE, local

#: An installation that reads its mail.
HOME = replace(HOUSE, reads_mail=True)
TALK = local("2026-03-20 10:00")
STAMP = "%Y%m%dT%H%M%SZ"


def reply(
    uid: str,
    partstat: str = "ACCEPTED",
    *,
    at: datetime,
    who: str = "ada@example.com",
    sequence: int | None = 0,
    method: str = "REPLY",
    about: str = "",
    more: str = "",
) -> bytes:
    """A REPLY with one ATTENDEE (RFC 5546 §3.2.3); `about` are more parameters, `more` are more lines."""
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Example//Test//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{at.strftime(STAMP)}",
        *([] if sequence is None else [f"SEQUENCE:{sequence}"]),
        f"ATTENDEE;PARTSTAT={partstat}{about}:mailto:{who}",
        *more.splitlines(),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines).encode()


def stands(talk: Interview) -> Rsvp:
    """How it stands, as the database knows it by now."""
    return talk.rsvp


@dataclass
class Hand:
    """Takes an answer, in a unit of work of its own."""

    talk: Interview
    now: datetime

    def __call__(
        self,
        ics: bytes,
        sender: str = "Ada <ada@example.com>",
        to: str | None = None,
        at: datetime | None = None,
    ) -> Taken | None:
        """Sent to the talk's own address unless another is given."""
        to = tagged(HOME.mail_from, Tag.INTERVIEW, self.talk.token) if to is None else to
        with transaction():
            return answers.take(ics, sender=sender, recipients=[to], now=at or self.now, house=HOME)

    def news(self, ics: bytes, sender: str = "Ada <ada@example.com>", to: str | None = None) -> str:
        """What an answer that changes something says."""
        taken = self(ics, sender, to)
        assert taken is not None
        assert taken.is_news
        return taken.sentence
