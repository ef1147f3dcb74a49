"""Text as people type and paste it, made fit."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.domain import words

UNFIT = ("Cc", "Cs", "Zl", "Zp")
ANY = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada \t Okafor \n", "Ada Okafor"),
        ("Ada\r\nBcc: evil@example.net", "Ada Bcc: evil@example.net"),
        ("Ada\x00\x1b\x7f\x85\u2028\ud800Okafor", "Ada Okafor"),
        ("e\u0301", "é"),
        ("", ""),
        ("👩‍👩‍👧 Ada", "👩‍👩‍👧 Ada"),
    ],
)
def test_a_line_is_one_line(typed: str, kept: str) -> None:
    assert words.line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "one\r\ntwo\rthree\x0bfour\x0cfive\x85six\u2028seven\u2029eight",
            "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight",
        ),
        ("a\x00b\x1bc\ud800d", "abcd"),
        ("a\tb", "a\tb"),
        ("\n\n a \n\n\n\n\n\n b \n", "a \n\n\n b"),
    ],
)
def test_a_block_keeps_its_lines(typed: str, kept: str) -> None:
    assert words.block(typed) == kept


@given(ANY)
def test_no_line_ever_holds_what_could_break_a_header(text: str) -> None:
    kept = words.line(text)
    assert not any(unicodedata.category(c) in UNFIT for c in kept)
    assert words.line(kept) == kept


@given(ANY)
def test_no_block_ever_holds_what_a_database_refuses(text: str) -> None:
    kept = words.block(text)
    assert not any(unicodedata.category(c) in UNFIT for c in kept if c not in "\n\t")
    kept.encode()
    assert words.block(kept) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kitsap  Water", "kitsap water"),
        ("STRASSE", "Straße"),
        ("Ｋｉｔｓａｐ", "kitsap"),
        ("Cafe\u0301", "CAFÉ"),
        ("Kitsap\u00a0Water\n", "Kitsap Water"),
    ],
)
def test_two_spellings_share_a_key(one: str, other: str) -> None:
    assert words.key(one) == words.key(other)


@given(ANY)
def test_a_key_is_its_own_key_and_has_its_limit(text: str) -> None:
    key = words.key(text)
    assert words.key(key) == key
    assert len(words.key("ﷺ" * 200 + text)) <= words.KEY


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Okafor", "AO"),
        ("ada maria okafor", "AO"),
        ("Ada", "A"),
        ("", "?"),
        ("(Ada) Okafor", "O"),
        ("💩", "?"),
    ],
)
def test_initials_stand_for_a_name(name: str, letters: str) -> None:
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Ada Okafor", "Ada"),
        ("Dr. Greta Lind", "Dr. Greta Lind"),
        ("Prof Lind", "Prof Lind"),
        ("Okafor, Ada", "Okafor, Ada"),
        ("ada@example.com", "ada@example.com"),
        ("Ada", "Ada"),
        ("", ""),
    ],
)
def test_in_a_letter_people_are_called_by_their_first_name_or_in_full(name: str, called: str) -> None:
    assert words.first_name(name) == called


@pytest.mark.parametrize(("number", "text"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_a_number_has_its_noun(number: int, text: str) -> None:
    assert words.plural(number, "day") == text


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert words.plural(2, "person", "people") == "2 people"


def test_marks_that_turn_text_around_are_left_out_of_a_line() -> None:
    assert words.line("Ada\u202egnp.exe\u2066") == "Adagnp.exe"
