"""From uploaded bytes to text."""

from __future__ import annotations

import io
import zipfile

import pytest

from crm.domain.errors import Invalid
from crm.domain.transfers.decoding import decode
from crm.domain.transfers.rows import MOST_BYTES

ACCENTS = "Name,E-mail\r\nRenée Åkesson,renee@example.org\r\n"


def _zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "Name\nAda\n")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_accents_survive_every_usual_encoding(codec: str, name: str) -> None:
    decoded = decode(ACCENTS.encode(codec))
    assert (decoded.text, decoded.encoding) == (ACCENTS, name)


def test_big_endian_utf_16_is_known_by_its_mark() -> None:
    assert decode(b"\xfe\xff" + ACCENTS.encode("utf-16-be")).text == ACCENTS


def test_only_a_guess_is_mentioned() -> None:
    assert decode(ACCENTS.encode()).note == ""
    assert "Windows-1252 was assumed" in decode(ACCENTS.encode("latin-1")).note


def test_one_broken_byte_does_not_spoil_the_accents_of_a_long_list() -> None:
    decoded = decode(ACCENTS.encode() * 20 + b"Bo \xff Ek,\r\n")
    assert decoded.encoding == "UTF-8"
    assert decoded.text.startswith(ACCENTS)
    assert "1 characters" in decoded.note or "damaged" in decoded.note


@pytest.mark.parametrize(
    ("content", "filename", "sentence"),
    [
        (_zip("a.csv"), "people.csv", "This is a ZIP file renamed to .csv."),
        (_zip("a.csv"), "people.zip", "This is a ZIP file. Unpack it"),
        (_zip("xl/workbook.xml"), "people.csv", "This is an Excel or Office file."),
        (b"%PDF-1.7 ...", "people.csv", "This is a PDF, not a list."),
        (b"\x89PNG\r\n\x1a\n", "people.csv", "This is a picture, not a list."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "people.xls", "This is an old Excel or Word file"),
        (b"\n<!DOCTYPE html><html>", "people.csv", "This is a web page."),
        (b"Name\0,Email\nAda\0,x", "people.csv", "This file holds bytes that no text has."),
        (b"", "people.csv", "This file is empty."),
        (b"\xef\xbb\xbf \r\n", "people.csv", "This file is empty."),
        (b"a" * (MOST_BYTES + 1), "people.csv", "This file is larger than 16 MB"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(content: bytes, filename: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode(content, filename)
    assert refused.value.errors["file"][0].startswith(sentence)
