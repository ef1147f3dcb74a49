"""Facts about a person, each brought into the shape in which it is kept, or refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from crm.domain import fields
from crm.domain.transfers.cleaning import folded, means_nothing, one_line, shortened
from crm.domain.transfers.rows import LONGEST, MOST_TAGS, Person

#: Addresses of an office rather than of somebody.
ROLE = re.compile(
    r"(?:info|office|contact|sales|hello|hi|admin|mail|enquir(?:y|ies)|inquir(?:y|ies)|support|reception|service|team"
    r"|help|jobs|careers|hr|press|kontakt|buero|contacto|accueil|ventas|post|no-?reply)\d*@.*",
    re.IGNORECASE,
)
LINKEDIN = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(?:in|pub)/[^\s/?#]+", re.IGNORECASE)
WHAT = {
    "name": "The name",
    "email": "The e-mail address",
    "linkedin_url": "The LinkedIn address",
    "notes": "The note",
}


class Unfit(ValueError):
    """A row cannot be kept; the message is a sentence for the user."""


def checked(person: Person) -> Person:
    """The person as it can be kept. Raises Unfit for what is too long and cannot be cut.

    A title, an employer or an address that is too long is cut, and stands in the notes whole.
    """
    for field, what in WHAT.items():
        if len(getattr(person, field)) > LONGEST[field]:
            raise Unfit(f"{what} is longer than {LONGEST[field]:,} characters.")
    for field in ("organisation", "title", "phone", "website", "postal_address"):
        value = getattr(person, field)
        if len(value) > LONGEST[field]:
            cut: dict[str, Any] = {field: shortened(value, LONGEST[field])}
            person = with_note(replace(person, **cut), value)
    return person


def with_note(person: Person, note: str) -> Person:
    """The person with one more line in the notes, as long as there is room."""
    notes = f"{person.notes}\n{note}".strip()
    return replace(person, notes=shortened(notes, LONGEST["notes"]))


def tags(cells: Iterable[str]) -> tuple[str, ...]:
    """The tags in cells that may hold several; Google's own groups ("* myContacts") are none."""
    words = [one_line(word) for cell in cells for word in re.split(r" ::: |[,;]", cell)]
    kept = {folded(word): word for word in words if not word.startswith("*") and not means_nothing(word)}
    return tuple(word for word in kept.values() if len(word) <= LONGEST["tag"])[:MOST_TAGS]


def is_role_address(person: Person) -> bool:
    """Whether an address without a name belongs to the organisation beside it, not to somebody."""
    return bool(person.organisation) and ROLE.fullmatch(person.email) is not None


def is_linkedin(url: str) -> bool:
    """Whether a web address is a person's profile."""
    return LINKEDIN.match(url) is not None


def web_address(url: str) -> str:
    """A web address with its scheme; nothing for what is none, or would run as a script."""
    try:
        return fields.web_address(url) or ""
    except fields.Unfit:
        return ""
