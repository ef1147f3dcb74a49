"""What reading a list gives: people, employers, and rows that could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm.domain.errors import Invalid

#: The largest list that is taken.
MOST_BYTES = 16 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200

#: Characters that the longest value of each field may have; the columns of a contact are as wide.
LONGEST = {
    "name": 200,
    "email": 254,
    "phone": 60,
    "organisation": 200,
    "title": 200,
    "linkedin_url": 500,
    "website": 500,
    "postal_address": 1_000,
    "notes": 20_000,
    "tag": 50,
}
MOST_TAGS = 30


class Unreadable(Invalid):
    """The file as a whole is no list; the message is a sentence for the user."""

    def __init__(self, sentence: str) -> None:
        super().__init__(file=sentence)


class Field(StrEnum):
    """What a column can hold. Several columns may hold the same: the first that is filled counts."""

    NAME = "name"
    PREFIX = "prefix"
    FIRST_NAME = "first_name"
    MIDDLE_NAME = "middle_name"
    LAST_NAME = "last_name"
    SUFFIX = "suffix"
    EMAIL = "email"
    PHONE = "phone"
    EMAIL_OR_WEBSITE = "email_or_website"
    ORGANISATION = "organisation"
    TITLE = "title"
    LINKEDIN_URL = "linkedin_url"
    WEBSITE = "website"
    POSTAL_ADDRESS = "postal_address"
    STREET = "street"
    CITY = "city"
    REGION = "region"
    POSTCODE = "postcode"
    COUNTRY = "country"
    NOTES = "notes"
    TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the list; an empty string where the list says nothing."""

    name: str
    email: str = ""
    phone: str = ""
    organisation: str = ""
    title: str = ""
    linkedin_url: str = ""
    website: str = ""
    postal_address: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    #: The row gave one e-mail address to several people: it tells nobody apart.
    shares_email: bool = False


@dataclass(frozen=True, slots=True)
class Employer:
    """An organisation on the list, with what belongs to it rather than to a person."""

    name: str
    email: str = ""
    phone: str = ""
    website: str = ""
    postal_address: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its people, usually one, and their employer.

    `line` counts the lines of the file from 1; `after` is the place in the text behind the row, from
    which reading can go on.
    """

    line: int
    after: int
    people: tuple[Person, ...] = ()
    employer: Employer | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that could not be read, and why, in a sentence for the user."""

    line: int
    after: int
    reason: str
