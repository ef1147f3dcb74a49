"""Text pasted from a web page or a letter: one contact a line, in whatever order and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crm.domain.transfers import facts, names
from crm.domain.transfers.cleaning import EMAIL, means_nothing, one_line
from crm.domain.transfers.facts import Unfit
from crm.domain.transfers.rows import Employer, Person, Refusal, Row
from crm.domain.transfers.tables import Lines

KEY, TITLE = "pasted", "Pasted text, one contact a line"
#: Longer lines are paragraphs.
LONGEST_LINE = 600
NEXT_IN_LETTER = re.compile(r"(?<=>)\s*[;,]\s*")
BULLET = re.compile(r"\A\s*(?:[-–—*•·◦▪●○‣>+]+\s+|\(?\d{1,4}[.)]\s+|\[[ x]\]\s+)+", re.IGNORECASE)
LABEL = re.compile(
    r"\b(?:e-?mail|mailto|tel(?:efon|ephone)?|phone|ph|mob(?:ile)?|cell|fax|web(?:site)?|linkedin)\s*(?::|[.:]+(?=\s))",
    re.IGNORECASE,
)
URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\",;]+|(?:[a-z]{2,3}\.)?linkedin\.com/[^\s<>\",;]+", re.IGNORECASE
)
PHONE = re.compile(
    r"(?<![\w@.])\+?[\d(][\d\s().\-/–]{5,}\d(?:\s*(?:x|ext\.?)\s*\d{1,6})?(?![\w@])", re.IGNORECASE
)
BETWEEN = re.compile(r"\t|\s+[-–—/]+\s+|\s*[|;•·]\s*|,\s*|\s*[()<>\[\]]\s*|\s{3,}")
AT = re.compile(r"\s+(?:at|@|bei|chez|hos|på|en|bij)\s+", re.IGNORECASE)


@dataclass
class Scrap:
    """A line that is being taken apart: what is left of it, and what was found."""

    rest: str

    def take(self, pattern: re.Pattern[str]) -> list[str]:
        """Everything that matches, which leaves a gap."""
        found = [match.rstrip(".,)") for match in pattern.findall(self.rest)]
        self.rest = pattern.sub(" | ", self.rest)
        return found

    def pieces(self) -> list[str]:
        """The phrases that are left."""
        parts = (one_line(part).strip(" .,:;-–—\"'“”") for part in BETWEEN.split(self.rest))
        return [part for part in parts if not means_nothing(part)]


def rows(text: str, start: int = 0) -> Iterator[Row | Refusal]:
    """One row a line that holds something."""
    found = Lines(text, start)
    for line in found:
        row = _row(line, found.number, found.at)
        if row:
            yield row


def _row(line: str, number: int, after: int) -> Row | Refusal | None:
    if means_nothing(one_line(line)):
        return None
    try:
        return _read(line, number, after)
    except Unfit as unfit:
        return Refusal(number, after, str(unfit))


def _read(line: str, number: int, after: int) -> Row:
    if len(line) > LONGEST_LINE:
        raise Unfit("This line is too long to be one contact.")
    # As in the head of a letter: "Ada Ek <ada@…>; Bo Berg <bo@…>".
    parts = NEXT_IN_LETTER.split(line) if line.count("@") > 1 else [line]
    found = [_one(part) for part in parts if not means_nothing(one_line(part))]
    people = tuple(person for person, _ in found if person)
    employer = next((employer for _, employer in found if employer), None)
    return Row(number, after, people, employer)


def _one(text: str) -> tuple[Person | None, Employer | None]:
    scrap = Scrap(LABEL.sub(" ", BULLET.sub("", text)))
    person = _contact_points(scrap)
    name, rest = _name(scrap.pieces())
    person = _with_place(replace(person, name=name), rest)
    employer = Employer(person.organisation) if person.organisation else None
    if not person.name:
        return _nameless(person, employer)
    if len(name.split()) > 8:
        raise Unfit("This line does not look like a contact.")
    return facts.checked(person), employer


def _contact_points(scrap: Scrap) -> Person:
    emails, urls, phones = scrap.take(EMAIL), scrap.take(URL), scrap.take(PHONE)
    profile = next((url for url in urls if facts.is_linkedin(url)), "")
    sites = [facts.web_address(url) for url in urls if url != profile]
    others = emails[1:] + phones[1:] + sites[1:]
    return Person(
        name="",
        email=next(iter(emails), ""),
        phone=next(iter(phones), "").strip(),
        linkedin_url=facts.web_address(profile),
        website=next(iter(sites), ""),
        notes="\n".join(f"Also: {other}" for other in others),
    )


def _nameless(person: Person, employer: Employer | None) -> tuple[Person | None, Employer | None]:
    """Only an employer, or only an address, which the person is called by then."""
    if employer and (not person.email or facts.ROLE.fullmatch(person.email)):
        return None, Employer(employer.name, person.email, person.phone, person.website)
    if not person.email:
        raise Unfit("No name or e-mail address was found in this line.")
    return facts.checked(replace(person, name=person.email)), employer


def _name(pieces: list[str]) -> tuple[str, list[str]]:
    """Which phrase is the name, and the phrases that are left. A lone employer is nobody's name."""
    bare = [names.without_honorific(piece)[0] for piece in pieces]
    likely = [
        n
        for n, piece in enumerate(bare)
        if names.looks_like_person(piece) and not names.looks_like_title(piece)
    ]
    if not likely and (not bare or any(map(names.looks_like_employer, bare[:1]))):
        return "", pieces
    chosen = likely[0] if likely else 0
    rest = pieces[:chosen] + pieces[chosen + 1 :]
    following = pieces[chosen + 1 : chosen + 2]
    if following and names.is_credentials(following[0]):
        return f"{bare[chosen]}, {following[0]}", [piece for piece in rest if piece != following[0]]
    if following and not likely and names.is_turned_round(bare[chosen], following[0]):
        return f"{following[0]} {bare[chosen]}", [piece for piece in rest if piece != following[0]]
    return bare[chosen], rest


def _with_place(person: Person, rest: list[str]) -> Person:
    """The title and the employer among the other phrases; what is left over goes into the notes."""
    phrases = [
        part
        for piece in rest
        for part in (AT.split(piece, maxsplit=1) if names.looks_like_title(piece) else [piece])
    ]
    title = next((phrase for phrase in phrases if names.looks_like_title(phrase)), "")
    others = [phrase for phrase in phrases if phrase != title]
    if not title and len(others) > 1 and not names.looks_like_employer(others[0]):
        title = others.pop(0)
    employer = next(filter(names.looks_like_employer, others), next(iter(others), ""))
    person = replace(person, title=title, organisation=employer)
    left = [phrase for phrase in others if phrase != employer]
    return facts.with_note(person, ", ".join(left)) if left else person
