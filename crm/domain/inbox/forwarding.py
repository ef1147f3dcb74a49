"""The message that somebody forwarded: whose it was, as programs write it into a text, or attach it."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import Message as Head
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from crm.domain.inbox import automatic, parts, quoting
from crm.domain.inbox.reading import Incoming, Person, date_of, people

#: Lines among which a forwarded head begins, and lines that it may have.
BEGIN, HEAD = 400, 16
_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|vs|vb|i|doorst|pd)\s*:", re.IGNORECASE)
_MARK = re.compile(
    r"^\s*(?:[-_]{2,}\s*.{0,40}(?:Forward|Original|Weitergeleitet|Ursprünglich|transféré|origine|"
    r"inoltrato|reenviado|"
    r"Doorgestuurd|Vidarebefordra|Videresendt).{0,30}[-_]*|Begin forwarded message:|"
    r"Anfang der weitergeleiteten Nachricht:|"
    r"Début du message (?:transféré|réexpédié) ?:)\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^\s*>?\s*\*?([A-Za-zÀ-ÿ]{1,12})\*?\s?:\*?\s+(.+)$")
_NAMES = {
    **dict.fromkeys(("from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od"), "from"),
    **dict.fromkeys(
        ("date", "sent", "datum", "gesendet", "envoyé", "inviato", "enviado", "data", "skickat"), "at"
    ),
    **dict.fromkeys(("to", "an", "à", "a", "para", "aan", "till", "til"), "to"),
    **dict.fromkeys(
        ("subject", "betreff", "objet", "oggetto", "asunto", "onderwerp", "ämne", "emne"), "subject"
    ),
}
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]{1,64}@[^\s@<>,;:\"\\()\[\]]{1,189}")


class Forwarded(NamedTuple):
    """A message inside another."""

    sender: Person
    to: list[Person]
    at: datetime | None
    subject: str
    text: str
    quoted: str
    #: A program wrote it.
    is_automatic: bool = False


def original(mail: Incoming) -> Forwarded | None:
    """The message that was forwarded; None where there is none."""
    return _attached(mail) or _inline(mail)


def _attached(mail: Incoming) -> Forwarded | None:
    if mail.attached is None:
        return None
    head, text = mail.attached
    sender = people(head, "From")
    if not sender:
        return None
    folded = quoting.fold(text)
    subject = parts.header(head, "Subject")[:300]
    by_program = automatic.is_automatic(head, subject)
    to = people(head, "To", "Cc")
    return Forwarded(sender[0], to, date_of(head), subject, folded.own, folded.quoted, by_program)


def _inline(mail: Incoming) -> Forwarded | None:
    lines = mail.whole.split("\n")
    is_forward = bool(_SUBJECT.match(mail.subject))
    for number, line in enumerate(lines[:BEGIN]):
        is_marked = bool(_MARK.match(line[:120]))
        if is_marked or (is_forward and _field(line)[0] == "from"):
            found = _head(lines, number + is_marked)
            if found is not None:
                return found
    return None


def _head(lines: list[str], start: int) -> Forwarded | None:
    """The fields from here on, up to the blank line before the text."""
    fields: dict[str, str] = {}
    at = start
    while at < min(len(lines), start + HEAD):
        name, value = _field(lines[at])
        if name:
            fields.setdefault(name, value)
        elif fields and not lines[at].strip(" >"):
            break
        at += 1
    sender = _people(fields.get("from", ""))
    if not sender:
        return None
    text = "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines[at:])
    folded = quoting.fold(text.strip("\n"))
    subject = fields.get("subject", "")[:300]
    to, at_ = _people(fields.get("to", "")), _date(fields.get("at", ""))
    by_program = automatic.is_automatic(Head(), subject)
    return Forwarded(sender[0], to, at_, subject, folded.own, folded.quoted, by_program)


def _field(line: str) -> tuple[str, str]:
    found = _FIELD.match(line[:1000])
    return (_NAMES.get(found[1].lower(), ""), found[2]) if found else ("", "")


def _people(value: str) -> list[Person]:
    """Names and addresses as they stand in a text, `Ada <ada@…>` or `Ada [mailto:ada@…]`."""
    found = []
    at = 0
    for match in list(_ADDRESS.finditer(value[:2000].replace("mailto:", "       ")))[:20]:
        name = value[at : match.start()].replace("mailto:", "").strip(" <>[](),;:\"'*")
        found.append(Person(name[:200], match[0].strip("*'.")))
        at = match.end()
    return found


def _date(value: str) -> datetime | None:
    """Only a date with an offset is believed: others are somebody's wall clock, in some language."""
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found if found.tzinfo else None
