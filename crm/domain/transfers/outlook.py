"""Outlook's CSV export, English headings; in other languages its headings are known one by one."""

from __future__ import annotations

from crm.domain.transfers.headings import Mapping
from crm.domain.transfers.rows import Field

KEY, TITLE = "outlook", "Outlook contacts"
COLUMNS = {
    "title": Field.PREFIX,
    "first name": Field.FIRST_NAME,
    "middle name": Field.MIDDLE_NAME,
    "last name": Field.LAST_NAME,
    "suffix": Field.SUFFIX,
    "company": Field.ORGANISATION,
    "job title": Field.TITLE,
    "e-mail address": Field.EMAIL,
    "e-mail 2 address": Field.EMAIL,
    "e-mail 3 address": Field.EMAIL,
    "business phone": Field.PHONE,
    "business phone 2": Field.PHONE,
    "mobile phone": Field.PHONE,
    "home phone": Field.PHONE,
    "primary phone": Field.PHONE,
    "other phone": Field.PHONE,
    "web page": Field.WEBSITE,
    "personal web page": Field.WEBSITE,
    "notes": Field.NOTES,
    "categories": Field.TAGS,
}
PARTS = {
    "street": Field.STREET,
    "street 2": Field.STREET,
    "street 3": Field.STREET,
    "city": Field.CITY,
    "state": Field.REGION,
    "postal code": Field.POSTCODE,
    "country": Field.COUNTRY,
    "country/region": Field.COUNTRY,
}
TELLING = frozenset(
    {"e-mail address", "e-mail display name", "business street", "business phone", "job title"}
)


def columns(headings: tuple[str, ...]) -> Mapping | None:
    """What each column holds; None where this is no such file. Of the addresses, the business one."""
    found = [heading.casefold() for heading in headings]
    if not {"first name", "last name", "company"} <= set(found) or len(TELLING & set(found)) < 2:
        return None
    fields = COLUMNS | {f"business {part}": field for part, field in PARTS.items()}
    return {n: fields[heading] for n, heading in enumerate(found) if heading in fields}
