"""The cells of one row, and what each column holds, to people and their employer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crm.domain.transfers import facts, names
from crm.domain.transfers.cleaning import (
    emails_in,
    is_email,
    is_phone,
    is_url,
    lines,
    means_nothing,
    one_line,
)
from crm.domain.transfers.facts import Unfit
from crm.domain.transfers.rows import Employer, Field, Person, Refusal, Row
from crm.domain.transfers.tables import Record

#: Google puts several values into one cell with this between them.
SEPARATOR = " ::: "
#: Cells whose lines stay apart.
SEVERAL_LINES = frozenset({Field.NOTES, Field.POSTAL_ADDRESS, Field.STREET, Field.NAME})
#: What stands in the notes before a second address or number.
ALSO = "Also: "
PARTS_OF_ADDRESS = (Field.STREET, Field.CITY, Field.REGION, Field.POSTCODE, Field.COUNTRY)

Values = dict[Field, list[str]]


@dataclass(frozen=True)
class Assembly:
    """How the rows of one table are read.

    A list of members names businesses, with a person in one cell, with several, or without. In any
    other table a row is a person first, and an organisation only where nobody is named.
    """

    columns: Mapping[int, Field]
    width: int
    is_member_list: bool = False

    def read(self, record: Record) -> Row | Refusal | None:
        """What a record says; None where it says nothing."""
        if record.problem:
            return Refusal(record.line, record.ends, record.problem)
        try:
            return self._read(record)
        except Unfit as unfit:
            return Refusal(record.line, record.ends, str(unfit))

    def _read(self, record: Record) -> Row | None:
        if all(means_nothing(one_line(cell)) for cell in record.cells):
            return None
        self._check_width(record)
        values = self._values(record.cells)
        person = facts.checked(_person(values))
        people = self._people(person, values)
        employer = self._employer(person, has_people=bool(people))
        if not people and employer is None:
            raise Unfit("There is no name, e-mail address or organisation in this row.")
        return Row(record.line, record.ends, tuple(people), employer)

    def _check_width(self, record: Record) -> None:
        """A comma too many moves every value to the wrong column; a lone cell is a heading or a footer."""
        extra = [cell for cell in record.cells[self.width :] if cell.strip()]
        if self.width and extra:
            raise Unfit(f"This row has {len(record.cells)} columns, the table has {self.width}.")
        if self.width > 2 and len(record.cells) == 1:
            raise Unfit(f"This row has one column, the table has {self.width}.")

    def _values(self, cells: Sequence[str]) -> Values:
        values: Values = {}
        for number, field in self.columns.items():
            if number < len(cells) and cells[number]:
                kept = _kept(field, cells[number])
                if kept:
                    values.setdefault(field, []).extend(kept)
        return values

    def _people(self, person: Person, values: Values) -> list[Person]:
        """Everybody in the row; an address without a name is a person's where it isn't the employer's."""
        named = self._named(values)
        if not named and person.email and not facts.is_role_address(person):
            named = [] if self.is_member_list and person.organisation else [(person.email, "", "")]
        if self.is_member_list and person.organisation:
            person = replace(person, website="")
        emails, _ = _emails(values)
        if len(emails) == len(named) > 1:
            notes = "\n".join(line for line in person.notes.split("\n") if line[len(ALSO) :] not in emails)
            return [
                _called(replace(person, email=email, notes=notes), *name)
                for email, name in zip(emails, named, strict=True)
            ]
        shared = len(named) > 1 and bool(person.email)
        return [_called(replace(person, shares_email=shared), *name) for name in named]

    def _employer(self, person: Person, *, has_people: bool) -> Employer | None:
        """The organisation. What is a person's is left to them; a member's web site is the business's."""
        if not person.organisation:
            return None
        website = person.website if self.is_member_list or not has_people else ""
        if has_people:
            return Employer(person.organisation, website=website)
        return Employer(person.organisation, person.email, person.phone, website, person.postal_address)

    def _named(self, values: Values) -> list[tuple[str, str, str]]:
        """Name, title where the name's cell gives it, and academic title of everybody in the row."""
        parts = [
            _first(values, f) for f in (Field.FIRST_NAME, Field.MIDDLE_NAME, Field.LAST_NAME, Field.SUFFIX)
        ]
        whole = names.full_name(*parts) if parts[0] or parts[2] else ""
        academic = names.academic_title(_first(values, Field.PREFIX))
        if whole:
            found = [(whole, "")]
        elif self.is_member_list or len(self.columns) > 1:
            found = [pair for cell in values.get(Field.NAME, [])[:1] for pair in names.people_in(cell)]
        else:
            found = [(one_line(cell), "") for cell in values.get(Field.NAME, [])[:1]]
        return [
            (bare, title, taken or academic)
            for n, title in found
            for bare, taken in [names.without_honorific(n)]
        ]


def _kept(field: Field, cell: str) -> list[str]:
    """The values in a cell that mean something, cleaned."""
    clean = lines if field in SEVERAL_LINES else one_line
    parts = cell.split(SEPARATOR) if SEPARATOR in cell else [cell]
    return [part for part in map(clean, parts) if not means_nothing(part)]


def _first(values: Values, field: Field) -> str:
    return values.get(field, [""])[0]


def _called(person: Person, name: str, title: str, academic: str) -> Person:
    person = facts.checked(replace(person, name=name, title=title or person.title))
    return facts.with_note(person, f"Addressed as {academic}") if academic else person


def _person(values: Values) -> Person:
    """Everything of a person but the name; what has no field of its own stands in the notes."""
    emails, rest = _emails(values)
    phones = values.get(Field.PHONE, []) + [value for value in rest if is_phone(value)]
    linkedin, sites = _web(values, rest)
    addresses = values.get(Field.POSTAL_ADDRESS, []) + _composed(values)
    others = emails[1:] + phones[1:] + sites[1:] + [v for v in rest if not is_phone(v) and not is_url(v)]
    notes = values.get(Field.NOTES, []) + [f"{ALSO}{other}" for other in dict.fromkeys(others)]
    return Person(
        name="",
        email=next(iter(emails), ""),
        phone=next(iter(phones), ""),
        organisation=_first(values, Field.ORGANISATION),
        title=_first(values, Field.TITLE),
        linkedin_url=linkedin,
        website=next(iter(sites), ""),
        postal_address=next(iter(addresses), ""),
        notes="\n".join(notes),
        tags=facts.tags(values.get(Field.TAGS, [])),
    )


def _emails(values: Values) -> tuple[list[str], list[str]]:
    """The addresses, and what else stands in columns that may hold one.

    Raises Unfit where a column of addresses holds something that is none.
    """
    cells = values.get(Field.EMAIL, [])
    found = [email for cell in cells for email in ([cell] if is_email(cell) else emails_in(cell))]
    others = [cell for cell in cells if not is_email(cell) and not emails_in(cell)]
    if others and not found and not is_url(others[0]) and not is_phone(others[0]):
        raise Unfit(f"“{others[0][:80]}” is not an e-mail address.")
    mixed = values.get(Field.EMAIL_OR_WEBSITE, [])
    found += [email for cell in mixed for email in emails_in(cell)]
    return list(dict.fromkeys(found)), others + [cell for cell in mixed if not emails_in(cell)]


def _web(values: Values, rest: list[str]) -> tuple[str, list[str]]:
    """The LinkedIn profile, and the other web addresses."""
    sites = (
        values.get(Field.LINKEDIN_URL, []) + values.get(Field.WEBSITE, []) + [v for v in rest if is_url(v)]
    )
    profile = next((site for site in sites if facts.is_linkedin(site)), "")
    return facts.web_address(profile), [
        facts.web_address(site) for site in dict.fromkeys(sites) if site != profile
    ]


def _composed(values: Values) -> list[str]:
    """A postal address from its parts, one line each for street, city and country."""
    streets, cities, regions, postcodes, countries = (values.get(field, []) for field in PARTS_OF_ADDRESS)
    city, region, postcode = (next(iter(part), "") for part in (cities, regions, postcodes))
    town = f"{city}, {region} {postcode}".strip(", ") if region else f"{postcode} {city}".strip()
    whole = "\n".join([*streets, *([town] if town else []), *countries[:1]])
    return [whole] if whole else []
