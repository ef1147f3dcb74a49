"""Places: where a talk is held, and the address that leads there."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from crm.models import Contact, Interview, Medium

MAP = "https://www.openstreetmap.org/search?query={query}"
#: What the place of a talk is called, by the way it is held.
NAMES = {Medium.IN_PERSON: "Where", Medium.PHONE: "Number", Medium.VIDEO: "Room", Medium.EMAIL: "Send to"}


class Fact(NamedTuple):
    """One line of a letter: a label, a value, and where it leads.

    With `link` the address stands under the value by that name, else the value itself leads there.
    """

    label: str
    value: str | None
    url: str = ""
    link: str = ""


def where(interview: Interview) -> Fact:
    """The place of a talk: an address with a map, a number to call, a room to open."""
    place, label = interview.place, NAMES[interview.medium]
    if place.startswith(("https://", "http://")):
        return Fact(label, place, place)
    if interview.medium is Medium.PHONE:
        return phone(place, label)
    if interview.medium is Medium.IN_PERSON and place:
        return Fact(label, place, MAP.format(query=quote(place)), "Map")
    return Fact(label, place)


def phone(number: str | None, label: str = "Phone") -> Fact:
    """A number that a telephone calls at a touch, where it is one."""
    dialled = "".join(c for c in number or "" if c in "+0123456789")
    return Fact(label, number, f"tel:{dialled}" if len(dialled) > 4 else "")


def email(address: str | None) -> Fact:
    """An address that a mail program writes to."""
    return Fact("E-mail", address, f"mailto:{quote(address, safe='@+')}" if address else "")


def work(contact: Contact) -> str:
    """What somebody does and where, in one line."""
    return job(contact.title, contact.organisation.name if contact.organisation else None)


def job(title: str | None, organisation: str | None) -> str:
    """The same of plain values."""
    return ", ".join(filter(None, [title, organisation]))
