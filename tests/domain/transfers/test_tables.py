"""Tables in text, and the lines of the file that their rows stand on."""

from __future__ import annotations

from crm.domain.transfers.tables import UNCLOSED, records, sniff
from tests.domain.transfers.lists import names, read, refusals


def test_the_delimiter_is_found_though_addresses_hold_another() -> None:
    assert sniff("Firm;Street\nEk;2 Main St, Winters\nBerg;3 Elm, Davis\n") == ";"
    assert sniff("Name\tE-mail\nAda\tada@example.org\n") == "\t"
    assert sniff("Name|E-mail\nAda|ada@example.org\n") == "|"
    assert sniff("Name\nAda\nBo\n") == ","


def test_excels_own_hint_is_believed() -> None:
    assert sniff("sep=;\nName;Notes\nAda;a, b, c\n") == ";"
    assert names("sep=;\r\nName;Company\r\nAda Ek;Lab\r\n") == ["Ada Ek"]


def test_rows_are_numbered_by_the_lines_of_the_file() -> None:
    text = (
        "Club list\n\nName,Notes,E-mail\n"
        'Ada Ek,"one\ntwo\r\nthree",ada@example.org\n\nBo Ek,,bo@example.org\n'
    )
    assert [(row.line, row.people[0].name) for row in read(text) if hasattr(row, "people")] == [
        (4, "Ada Ek"),
        (8, "Bo Ek"),
    ]


def test_reading_goes_on_from_behind_any_row() -> None:
    text = "Name,E-mail\r\n" + "".join(f"Ada {n} Ek,ada{n}@example.org\r\n" for n in range(5))
    rows = read(text)
    for number, row in enumerate(rows):
        rest = list(records(text, ",", row.after))
        assert [record.line for record in rest] == [later.line for later in rows[number + 1 :]]


def test_old_macintosh_line_ends_are_line_ends() -> None:
    assert names("Name,E-mail\rAda Ek,ada@example.org\rBo Ek,bo@example.org\r") == ["Ada Ek", "Bo Ek"]


def test_a_stray_quotation_mark_costs_one_row_and_not_the_rest() -> None:
    text = 'Name,Company\nAda Ek,Lab\n"Bo Ek,Lab\nCy Ek,Lab\nDi Ek,Lab\n'
    assert names(text) == ["Ada Ek", "Cy Ek", "Di Ek"]
    assert refusals(text) == [(3, UNCLOSED)]


def test_a_stray_quotation_mark_far_from_the_end_costs_one_row_too() -> None:
    text = 'Name,Company\n"Ada Ek,Lab\n' + "".join(f"Bo{n} Ek,Lab\n" for n in range(500))
    assert refusals(text) == [(2, UNCLOSED)]
    assert len(names(text)) == 500


def test_a_quotation_mark_inside_a_cell_is_a_letter() -> None:
    assert names('Name,Title\nAda "Dot" Ek,5" pipes\n') == ['Ada "Dot" Ek']


def test_a_row_with_a_comma_too_many_is_refused_rather_than_shifted() -> None:
    text = "Name,Company,E-mail\nAda Ek,Stripe, Inc.,ada@example.org\nBo Ek,Lab,bo@example.org,,\n"
    assert refusals(text) == [(2, "This row has 4 columns, the table has 3.")]
    assert names(text) == ["Bo Ek"]


def test_a_heading_repeated_on_each_page_is_no_row() -> None:
    assert names("Name,E-mail\nAda Ek,ada@example.org\nName,E-mail\nBo Ek,bo@example.org\n") == [
        "Ada Ek",
        "Bo Ek",
    ]


def test_rows_without_content_count_as_nothing() -> None:
    assert read("Name,E-mail\n,\n \t,\n-,n/a\n\n") == []
