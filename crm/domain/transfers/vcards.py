"""vCards 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350), as phones and mail programs write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crm.domain.transfers import facts, names
from crm.domain.transfers.cards import TROUBLE, Card, cards_in, contents
from crm.domain.transfers.cleaning import is_email, lines, means_nothing, one_line
from crm.domain.transfers.facts import Unfit
from crm.domain.transfers.rows import Employer, Person, Refusal, Row

Content = dict[str, list[Any]]

KEY, TITLE = "vcard", "vCards"
UNCLOSED = "The card that begins in this line has no end."
BROKEN = "The card that begins in this line is broken and cannot be read."
NOTHING = "There is no name, e-mail address or organisation in this card."


def rows(text: str, start: int = 0) -> Iterator[Row | Refusal]:
    """One row a card, with the line of its BEGIN."""
    for card in cards_in(text, start):
        row = _row(card)
        if row:
            yield row


def _row(card: Card) -> Row | Refusal | None:
    if not card.is_closed:
        return Refusal(card.line, card.after, UNCLOSED)
    try:
        content = contents(card)
        person = _person(content)
        employer = _employer(content, has_person=person is not None)
        if person is None and employer is None:
            return Refusal(card.line, card.after, NOTHING) if card.properties else None
        return Row(card.line, card.after, (facts.checked(person),) if person else (), employer)
    except Unfit as unfit:
        return Refusal(card.line, card.after, str(unfit))
    except TROUBLE:
        return Refusal(card.line, card.after, BROKEN)


def _texts(content: Content, name: str) -> list[str]:
    values = (one_line(_joined(value)) for value in content.get(name, []))
    return [value for value in values if not means_nothing(value)]


def _joined(value: Any) -> str:
    return " ".join(map(_joined, value)) if isinstance(value, list | tuple) else str(value)


def _organisation(content: Content) -> str:
    """The first part of ORG; what follows are departments."""
    for value in content.get("ORG", []):
        name = one_line(_joined(value[0]) if isinstance(value, list) and value else _joined(value))
        if not means_nothing(name):
            return name
    return ""


def _name(content: Content) -> tuple[str, str]:
    """The name as the card writes it, without honorific; and the academic title."""
    whole = next(iter(_texts(content, "FN")), "")
    if "N" in content and (not whole or names.is_east_asian(whole)):
        name = content["N"][0]
        parts = [one_line(_joined(part)) for part in (name.given, name.additional, name.family, name.suffix)]
        whole = names.full_name(*parts) or whole
    return names.without_honorific(whole)


def _person(content: Content) -> Person | None:
    (name, academic), organisation = _name(content), _organisation(content)
    emails = [email for email in _texts(content, "EMAIL") if is_email(email)]
    if _is_organisation(content, name):
        return None
    if not name and (not emails or (organisation and facts.ROLE.fullmatch(emails[0]))):
        return None
    person = _facts(content, name or emails[0], emails)
    return facts.with_note(person, f"Addressed as {academic}") if academic else person


def _is_organisation(content: Content, name: str) -> bool:
    kinds = {kind.lower() for kind in _texts(content, "KIND") + _texts(content, "X-ABSHOWAS")}
    stands_for_itself = bool(name) and name == _organisation(content) and "N" not in content
    return stands_for_itself or bool(kinds & {"org", "company", "group"})


def _facts(content: Content, name: str, emails: list[str]) -> Person:
    phones = [phone.removeprefix("tel:") for phone in _texts(content, "TEL")]
    urls = [url.replace("\\:", ":") for url in _texts(content, "URL") + _texts(content, "X-SOCIALPROFILE")]
    profile = next((url for url in urls if facts.is_linkedin(url)), "")
    sites = [facts.web_address(url) for url in dict.fromkeys(urls) if url != profile]
    addresses = [address for value in content.get("ADR", []) if (address := _address(value))]
    notes = [lines(_joined(note)) for note in content.get("NOTE", [])]
    others = dict.fromkeys(emails[1:] + phones[1:])
    return Person(
        name=name,
        email=next(iter(emails), ""),
        phone=next(iter(phones), ""),
        organisation=_organisation(content),
        title=next(iter(_texts(content, "TITLE") + _texts(content, "ROLE")), ""),
        linkedin_url=facts.web_address(profile),
        website=next(iter(sites), ""),
        postal_address=next(iter(addresses), ""),
        notes="\n".join([*notes, *(f"Also: {other}" for other in others)]),
        tags=facts.tags(tag for tag in _texts_of_lists(content) if tag != "My Contacts"),
    )


def _texts_of_lists(content: Content) -> list[str]:
    return [one_line(str(word)) for value in content.get("CATEGORIES", []) for word in _listed(value)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _address(value: Any) -> str:
    if isinstance(value, str):
        return lines(value)
    parts = [lines(_joined(getattr(value, part))) for part in ("box", "extended", "street", "country")]
    city, region, code = (one_line(_joined(getattr(value, part))) for part in ("city", "region", "code"))
    town = f"{city}, {region} {code}".strip(", ") if region else f"{code} {city}".strip()
    return "\n".join(part for part in (*parts[:3], town, parts[3]) if part.strip(", "))


def _employer(content: Content, *, has_person: bool) -> Employer | None:
    """The organisation; a card of its own gives it the address and numbers too."""
    name = _organisation(content)
    if not name and _is_organisation(content, ""):
        name = _name(content)[0]
    if not name:
        return None
    emails = [email for email in _texts(content, "EMAIL") if is_email(email)]
    person = facts.checked(_facts(content | {"ORG": [[name]]}, "", emails))
    if has_person:
        return Employer(person.organisation)
    return Employer(person.organisation, person.email, person.phone, person.website, person.postal_address)
