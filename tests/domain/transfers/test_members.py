"""Member lists: businesses, each with a person, with several, or without."""

from __future__ import annotations

import pytest

from crm.domain.transfers.names import full_name, people_in, without_honorific
from crm.domain.transfers.rows import Employer, Person
from tests.domain.transfers.lists import employers, names, people, refusals

CHAMBER = (
    "Riverside Chamber – Members;;;;;\r\nprinted 05/2026;;;;;\r\n"
    "Member Business;Category;Primary Rep.;Phone #;Street / City / Zip;Web or e-mail\r\n"
    "Ek Butchers;Butcher;Mr. René Ek;(530) 555-0111;2 Main St, Davis CA 95616;ek@example.com\r\n"
    "Berg Bakery;Bakery;;530.555.0112;15 Rail Ave, Davis CA 95616;www.berg.example\r\n"
    '"Davis Water; Sewer District";Utility;Dana Ó Sé, General Manager;530-555-0113 x204;;dose@example.org\r\n'
    "Lind's Florist;Florist;Anna-Lucía Lind / Tom Lind;;8 Elm, Davis CA;flowers@example.org\r\n"
    "Wick Works;Manufacturing;TBD;n/a;;\r\n"
).encode("cp1252")


def test_a_chambers_list_gives_people_and_businesses() -> None:
    assert names(CHAMBER) == ["René Ek", "Dana Ó Sé", "Anna-Lucía Lind", "Tom Lind"]
    assert employers(CHAMBER) == [
        Employer(
            "Berg Bakery",
            phone="530.555.0112",
            website="https://www.berg.example",
            postal_address="15 Rail Ave, Davis CA 95616",
        ),
        Employer("Wick Works"),
    ]
    assert refusals(CHAMBER) == []


def test_a_title_in_the_cell_of_the_name_is_a_title() -> None:
    assert people(CHAMBER)[1] == Person(
        name="Dana Ó Sé",
        email="dose@example.org",
        phone="530-555-0113 x204",
        organisation="Davis Water; Sewer District",
        title="General Manager",
        tags=("Utility",),
    )


def test_two_people_of_one_cell_know_that_they_share_the_address() -> None:
    anna, tom = people(CHAMBER)[2:]
    assert anna.email == tom.email == "flowers@example.org"
    assert anna.shares_email
    assert tom.shares_email


def test_two_people_with_two_addresses_have_one_each() -> None:
    text = 'Company,Contact,Email\nEk Foods,Ada Ek & Bo Berg,"ada@ek.example, bo@ek.example"\n'
    assert [(p.name, p.email, p.shares_email, p.notes) for p in people(text)] == [
        ("Ada Ek", "ada@ek.example", False, ""),
        ("Bo Berg", "bo@ek.example", False, ""),
    ]


def test_a_businesss_own_address_makes_nobody() -> None:
    text = "Company,Contact,Email\nEk Foods,TBD,hello.there@ek.example\nBerg Foods,,office@berg.example\n"
    assert names(text) == []
    assert [employer.email for employer in employers(text)] == [
        "hello.there@ek.example",
        "office@berg.example",
    ]


def test_a_line_with_one_cell_is_a_heading_or_a_footer_and_refused() -> None:
    text = "Company,Contact,Phone\nRESTAURANTS\nEk Foods,Ada Ek,555-0100\nTotal: 1\n"
    assert names(text) == ["Ada Ek"]
    assert [line for line, _ in refusals(text)] == [2, 4]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Ada Ek", [("Ada Ek", "")]),
        ("Ada Ek / Bo Berg", [("Ada Ek", ""), ("Bo Berg", "")]),
        ("Ada Ek & Bo Berg", [("Ada Ek", ""), ("Bo Berg", "")]),
        ("Ada Ek and Bo Berg", [("Ada Ek", ""), ("Bo Berg", "")]),
        ("Ada Ek und Bo Berg", [("Ada Ek", ""), ("Bo Berg", "")]),
        ("Ada Ek\nBo Berg", [("Ada Ek", ""), ("Bo Berg", "")]),
        ("Ada Ek, Owner; Bo Berg, Chef", [("Ada Ek", "Owner"), ("Bo Berg", "Chef")]),
        ("Anna & Tom Ek", [("Anna & Tom Ek", "")]),
        ("Ada Ek (Office Manager)", [("Ada Ek", "Office Manager")]),
        ("Ada Ek - Plant Supervisor", [("Ada Ek", "Plant Supervisor")]),
        ("Ada Ek, PMP", [("Ada Ek, PMP", "")]),
        ("Ek, Ada", [("Ada Ek", "")]),
        ("von Ek, Ada Maria", [("Ada Maria von Ek", "")]),
        ("Anna-Lena Ek-Berg, Geschäftsführerin", [("Anna-Lena Ek-Berg", "Geschäftsführerin")]),
        ("TBD", []),
        ("n/a", []),
        ("-", []),
        ("Ada Ek / TBD", [("Ada Ek", "")]),
        ("Björn Söderberg-van der Meer", [("Björn Söderberg-van der Meer", "")]),
        ("=cmd|' /C calc'!A0", [("=cmd|' /C calc'!A0", "")]),
    ],
)
def test_people_in_one_cell(cell: str, found: list[tuple[str, str]]) -> None:
    assert people_in(cell) == found


@pytest.mark.parametrize(
    ("written", "bare", "academic"),
    [
        ("Mr. René Ek", "René Ek", ""),
        ("Mrs Ada Ek", "Ada Ek", ""),
        ("Herr Prof. Dr. Bo Ek", "Bo Ek", "Prof. Dr."),
        ("Mr. Ek", "Mr. Ek", ""),
        ("Dr Ada Ek", "Ada Ek", "Dr"),
        ("Drew Ek", "Drew Ek", ""),
        ("Ing Wei Tan", "Ing Wei Tan", ""),
        ("Magnus Ek Berg", "Magnus Ek Berg", ""),
        ("M. Jean Ek", "Jean Ek", ""),
    ],
)
def test_honorifics_are_no_part_of_a_name(written: str, bare: str, academic: str) -> None:
    assert without_honorific(written) == (bare, academic)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ada", "Ek", "Ada Ek"),
        ("Bo", "", "Bo"),
        ("", "Ek", "Ek"),
        ("王", "小明", "王小明"),
        ("小明", "王", "王小明"),
        ("太郎", "山田", "山田太郎"),
        ("민수", "김", "김민수"),
        ("Trần", "Thị Mai", "Trần Thị Mai"),
        ("Ada", "Ek, PMP", "Ada Ek, PMP"),
    ],
)
def test_names_are_put_together_as_they_are_said(first: str, last: str, name: str) -> None:
    assert full_name(first, "", last) == name
