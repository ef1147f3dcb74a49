"""One contact a line, as web pages have them."""

from __future__ import annotations

import pytest

from crm.domain.transfers import formats
from crm.domain.transfers.rows import Person, Row
from tests.domain.transfers.lists import employers, names, read, refusals


def one(line: str) -> Person:
    """The only person of a line."""
    (row,) = formats.recognise_text(line).rows()
    assert isinstance(row, Row)
    return row.people[0]


@pytest.mark.parametrize(
    "line",
    [
        "Dana O'Hara, General Manager, Kitsap Water <d@example.org>",
        "Dana O'Hara\tGeneral Manager\tKitsap Water\td@example.org",
        "Dana O'Hara – General Manager – Kitsap Water – d@example.org",
        "• Dana O'Hara | General Manager | Kitsap Water | mailto:d@example.org",
        "  3. Dana O'Hara (General Manager), Kitsap Water, e-mail: d@example.org",
        "* Ms. Dana O'Hara, General Manager at Kitsap Water (d@example.org)",
        "Kitsap Water - Dana O'Hara - General Manager - d@example.org",
        "[Dana O'Hara](mailto:d@example.org), General Manager, Kitsap Water",
    ],
)
def test_a_contact_in_any_punctuation(line: str) -> None:
    assert one(line) == Person(
        "Dana O'Hara", email="d@example.org", organisation="Kitsap Water", title="General Manager"
    )


def test_numbers_profiles_and_sites_are_told_apart() -> None:
    line = "Ada Ek, Chemist, tel. +46 8 555 0100, www.ek.example, linkedin.com/in/ada-ek, ada@example.org"
    assert one(line) == Person(
        "Ada Ek",
        email="ada@example.org",
        phone="+46 8 555 0100",
        title="Chemist",
        linkedin_url="https://linkedin.com/in/ada-ek",
        website="https://www.ek.example",
    )


def test_letters_behind_a_name_stay_with_it() -> None:
    person = one("Ada Ek, PMP, Project Manager, Ek Foods")
    assert (person.name, person.title, person.organisation) == ("Ada Ek, PMP", "Project Manager", "Ek Foods")


def test_a_name_alone_an_address_alone_and_a_business_alone() -> None:
    text = "Ada Ek\nbo@example.org\nKitsap Water District\n"
    assert names(text, "") == ["Ada Ek", "bo@example.org"]
    assert [employer.name for employer in employers(text, "")] == ["Kitsap Water District"]


def test_a_line_from_the_head_of_a_letter_names_several() -> None:
    text = '"Ek, Ada" <ada@example.org>; Bo Berg <bo@example.org>, cy@example.org\n'
    assert names(text, "") == ["Ada Ek", "Bo Berg", "cy@example.org"]


def test_prose_and_scraps_are_refused_with_their_line() -> None:
    text = (
        "Ada Ek\n\n555-0100\nWe are a small and friendly team that has worked in this town for years\n"
        + "x" * 700
    )
    assert refusals(text, "") == [
        (3, "No name or e-mail address was found in this line."),
        (4, "This line does not look like a contact."),
        (5, "This line is too long to be one contact."),
    ]


def test_a_pasted_table_with_headings_is_a_table() -> None:
    assert names("Name\tCompany\tE-mail\nAda Ek\tLab\tada@example.org\n", "") == ["Ada Ek"]
    assert formats.recognise_text("Name\tCompany\nAda Ek\tLab\n").key == "members"


def test_the_first_of_several_pasted_lines_is_no_heading() -> None:
    text = "Ada Ek, Chemist, Lab\nBo Ek, Manager, bo@example.org\nCy Ek, Nurse, cy@example.org\n"
    assert names(text, "") == ["Ada Ek", "Bo Ek", "Cy Ek"]


def test_blank_lines_count_as_nothing() -> None:
    assert len(read("\n \nAda Ek\n---\n\n", "")) == 1
