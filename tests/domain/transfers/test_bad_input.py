"""Input that nobody wants: refused with its line, or kept as harmless text; never a crash."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.domain.errors import Invalid
from crm.domain.transfers import cells, formats
from crm.domain.transfers.listing import Listing
from crm.domain.transfers.rows import LONGEST, Row
from tests.domain.transfers.lists import names, people, read, refusals


def test_a_formula_comes_in_as_text_and_leaves_harmless() -> None:
    (person,) = people("Name,Title\n\"=cmd|' /C calc'!A0\",@SUM(1)\n")
    assert person.name == "=cmd|' /C calc'!A0"
    assert cells.row([person.name, person.title, "-1", "+1", "\tx", None, 3, "Ada"]) == (
        "'=cmd|' /C calc'!A0,'@SUM(1),'-1,'+1,'\tx,,3,Ada\r\n"
    )


def test_line_breaks_in_names_and_addresses_become_spaces() -> None:
    (person,) = people(
        'First Name,Last Name,Title,Notes\n"Ada\r\nBcc: x@example.org","Ek\n","a\rb","one\r\ntwo"\n'
    )
    assert person.name == "Ada Bcc: x@example.org Ek"
    assert person.title == "a b"
    assert person.notes == "one\ntwo"


def test_control_characters_and_turned_directions_are_left_out() -> None:
    assert names("First Name,Last Name\n\u202eAda\u202c\x07,E\u200bk\ufeff\n") == ["Ada Ek"]


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert names("First Name,Last Name\nRene\u0301e,A\u030akesson\n") == ["Renée Åkesson"]


@pytest.mark.parametrize(
    "name", ["👩‍🔬 Ada Ek", "عائشة الزهراء", "דנה כהן", "O’Neill-Ångström", "Ada\u00a0Ek"]
)
def test_names_of_all_scripts_are_kept(name: str) -> None:
    assert names(f"Name,E-mail\n{name},ada@example.org\n") == [name.replace("\u00a0", " ")]


def test_a_name_of_300_characters_is_refused_with_its_line() -> None:
    text = f"Name,E-mail\n{'A' * 300},ada@example.org\nBo Ek,bo@example.org\n"
    assert refusals(text) == [(2, "The name is longer than 200 characters.")]
    assert names(text) == ["Bo Ek"]


def test_an_employer_of_300_characters_is_cut_and_stands_in_the_notes() -> None:
    (person,) = people(f"First Name,Last Name,Company\nAda,Ek,{'B' * 300}\n")
    assert len(person.organisation) == LONGEST["organisation"]
    assert person.notes == "B" * 300


def test_what_is_no_address_is_refused_in_a_column_of_addresses() -> None:
    text = (
        "Name,E-mail\nAda Ek,ada at example\nBo Ek,n/a\n"
        "Cy Ek,Cy <cy@example.org>\nDi Ek,di@example.org;di@example.net\n"
    )
    assert refusals(text) == [(2, "“ada at example” is not an e-mail address.")]
    assert [person.email for person in people(text)] == ["", "cy@example.org", "di@example.org"]


def test_a_row_that_tells_of_nobody_is_refused() -> None:
    assert refusals("Name,Phone\n,555-0100\n") == [
        (2, "There is no name, e-mail address or organisation in this row.")
    ]


def test_too_many_columns_are_refused_at_once() -> None:
    with pytest.raises(Invalid, match="at most 200"):
        read("Name," + "x," * 300 + "\n" + "a," * 301 + "\n")


LISTS = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")),
    st.lists(
        st.lists(st.text(alphabet='aB1,;"\n\r\t@.=:|éل\u202e ', max_size=12), max_size=6).map(",".join),
        max_size=12,
    ).map(lambda lines: ("Name,E-mail,Company\n" + "\n".join(lines)).encode()),
    st.lists(
        st.sampled_from(
            [
                "BEGIN:VCARD",
                "END:VCARD",
                "VERSION:2.1",
                "FN:Ada Ek",
                "N:Ek;Ada",
                "N:;",
                "ORG:",
                "ADR:;;",
                "AGENT:",
                "EMAIL:ada@example.org",
                "NOTE;ENCODING=QUOTED-PRINTABLE:a=",
                "=C3",
                "TEL;X",
                " x",
                ":",
                "",
                "PHOTO;B:",
            ]
        ),
        max_size=25,
    ).map(lambda lines: "\r\n".join(["BEGIN:VCARD", *lines]).encode()),
)


def recognised(filename: str, content: bytes) -> Listing | None:
    """The list, or None where it was refused in a sentence."""
    try:
        return formats.recognise(filename, content)
    except Invalid:
        return None


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LISTS, st.sampled_from(["list.csv", "list.vcf", "list.txt", ""]))
def test_anything_is_read_or_refused_and_every_row_has_its_line(content: bytes, filename: str) -> None:
    listing = recognised(filename, content)
    if listing is None:
        return
    text = listing.decoded.text
    lines = text.count("\n") + text.count("\r") + 1
    behind = 0
    for row in listing.rows():
        assert 1 <= row.line <= lines
        assert behind < row.after <= len(text)
        behind = row.after
        if isinstance(row, Row):
            assert row.people or row.employer
            assert all(
                person.name and "\n" not in person.name + person.email + person.title for person in row.people
            )
    listing.preview()


@settings(max_examples=150, deadline=None)
@given(LISTS, st.sampled_from(["list.csv", "list.vcf", ""]))
def test_going_on_from_behind_a_row_gives_the_same_rest(content: bytes, filename: str) -> None:
    listing = recognised(filename, content)
    rows = list(listing.rows()) if listing else []
    for number, row in enumerate(rows):
        assert listing is not None
        assert list(listing.rows(row.after)) == rows[number + 1 :]
