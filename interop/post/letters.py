"""What a mail program writes in answer: our own, made as the standards document it, nobody's mail."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from icalendar import Calendar

WRITTEN = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Invitation:
    """What a mail program takes from the invitation that it shows."""

    uid: str
    sequence: int
    organizer: str
    attendee: str
    start: datetime
    end: datetime
    method: str

    def at(self, start: datetime) -> Invitation:
        """The same talk, proposed for another time."""
        return replace(self, start=start, end=start + (self.end - self.start))


def invitation(letter: EmailMessage) -> Invitation:
    """What stands in the calendar part. Fails where there is none, or where it and its envelope differ."""
    (part,) = [each for each in letter.walk() if each.get_content_type() == "text/calendar"]
    (event,) = _calendar(part).walk("VEVENT")
    method = str(_calendar(part)["METHOD"])
    assert part.get_param("method") == method, f"{part.get_param('method')} outside, {method} inside"
    return Invitation(
        str(event["UID"]),
        int(event.get("SEQUENCE", 0)),
        _mailbox(str(event["ORGANIZER"])),
        _mailbox(str(event["ATTENDEE"])),
        event.decoded("DTSTART").astimezone(UTC),
        event.decoded("DTEND").astimezone(UTC),
        method,
    )


def calendar_bytes(letter: EmailMessage) -> bytes:
    """The calendar part as it came."""
    (part,) = [each for each in letter.walk() if each.get_content_type() == "text/calendar"]
    return _bytes(part)


def answer(to: Invitation, partstat: str) -> EmailMessage:
    """A REPLY as a button writes it (RFC 5546 §3.2.3)."""
    return _itip(to, "REPLY", partstat, "")


def counter(to: Invitation, comment: str) -> EmailMessage:
    """Another time, as "propose new time" writes it (RFC 5546 §3.2.7)."""
    return _itip(to, "COUNTER", "TENTATIVE", comment)


def reply(to: EmailMessage, text: str) -> EmailMessage:
    """What a person writes back, above what they were written."""
    original = to.get_body(("plain",))
    quoted = "".join(f"> {line}\n" for line in (original.get_content() if original else "").splitlines())
    found = _letter(str(to["To"]), parseaddr(str(to["Reply-To"] or to["From"]))[1], f"Re: {to['Subject']}")
    found["In-Reply-To"] = found["References"] = str(to["Message-ID"])
    found.set_content(f"{text}\n\nOn {to['Date']}, {to['From']} wrote:\n{quoted}")
    return found


def out_of_office(to: EmailMessage, text: str) -> EmailMessage:
    """What a server writes meanwhile, to where the letter really came from (RFC 3834 §4)."""
    found = _letter(str(to["To"]), parseaddr(str(to["Return-Path"]))[1], f"Auto: {to['Subject']}")
    found["Auto-Submitted"] = "auto-replied"
    found["In-Reply-To"] = found["References"] = str(to["Message-ID"])
    found.set_content(text)
    return found


def send(letter: EmailMessage, port: int) -> None:
    """By SMTP; what a program wrote has no way back."""
    sender = "" if letter["Auto-Submitted"] else parseaddr(str(letter["From"]))[1]
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.send_message(letter, from_addr=sender or "<>", to_addrs=[str(letter["To"])])


def _itip(to: Invitation, method: str, partstat: str, comment: str) -> EmailMessage:
    lines = [
        *("BEGIN:VCALENDAR", "PRODID:-//Somebody//Mail program//EN", "VERSION:2.0", f"METHOD:{method}"),
        *("BEGIN:VEVENT", f"UID:{to.uid}", f"SEQUENCE:{to.sequence}"),
        f"DTSTAMP:{datetime.now(UTC).strftime(WRITTEN)}",
        *(f"DTSTART:{to.start.strftime(WRITTEN)}", f"DTEND:{to.end.strftime(WRITTEN)}"),
        *(f"ORGANIZER:mailto:{to.organizer}", f"ATTENDEE;PARTSTAT={partstat}:mailto:{to.attendee}"),
        *([f"COMMENT:{comment}"] if comment else []),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    found = _letter(to.attendee, to.organizer, {"REPLY": "Answer", "COUNTER": "New time proposed"}[method])
    found.set_content("See the calendar that comes with this.")
    text = "\r\n".join(lines).encode()
    found.add_alternative(text, maintype="text", subtype="calendar", params={"method": method}, cte="base64")
    return found


def _letter(sender: str, to: str, subject: str) -> EmailMessage:
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = sender, to, subject
    found["Date"] = format_datetime(datetime.now(UTC))
    found["Message-ID"] = make_msgid(domain="people.example")
    return found


def _calendar(part: EmailMessage) -> Calendar:
    return Calendar.from_ical(_bytes(part))


def _bytes(part: EmailMessage) -> bytes:
    found = part.get_payload(decode=True)
    assert isinstance(found, bytes), "the calendar is no single part"
    return found


def _mailbox(value: str) -> str:
    return value.partition(":")[2] if value.lower().startswith("mailto:") else value
