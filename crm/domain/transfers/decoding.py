"""Bytes of an uploaded list to text.

UTF-8 and UTF-16 say what they are; anything else is taken for Windows-1252, and the preview says that
this was a guess: programs that guess more cleverly guessed wrong on short lists.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from crm.domain.transfers.cleaning import is_too_large
from crm.domain.transfers.rows import MOST_BYTES, Unreadable

#: How files begin that are no lists, and what they are.
MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a recording"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"!BDN", "an Outlook data file"),
    (b"{\\rtf", "a formatted text"),
    (b"SQLite format 3", "a database"),
    (b"bplist0", "an Apple property list"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
WAYS_OUT = "Save it as CSV (in Excel or LibreOffice: File, Save as, CSV UTF-8) and try again."


GUESSED = (
    "The file does not say how its letters are encoded; Windows-1252 was assumed. Check names with accents."
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a list, the name of its encoding, and what the user should know of that."""

    text: str
    encoding: str
    note: str = ""


def decode(content: bytes, filename: str = "") -> Decoded:
    """The text of a list. Raises Unreadable, with a sentence, for what is no text."""
    _check_kind(content, filename)
    decoded = _decode(content)
    if "\0" in decoded.text:
        raise Unreadable("This file holds bytes that no text has. " + WAYS_OUT)
    if not decoded.text.strip("\ufeff \t\r\n"):
        raise Unreadable("This file is empty.")
    return decoded


def _check_kind(content: bytes, filename: str) -> None:
    if is_too_large(content):
        raise Unreadable(
            f"This file is larger than {MOST_BYTES // 1024**2} MB, the most that can be imported at once."
        )
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise Unreadable(_what_zip(content, filename))
    for beginning, kind in MAGIC:
        if content.startswith(beginning):
            raise Unreadable(f"This is {kind}, not a list. {WAYS_OUT}")
    if content[:500].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise Unreadable("This is a web page. Open it, copy the people on it, and paste them as text.")


def _what_zip(content: bytes, filename: str) -> str:
    if b"xl/workbook" in content or b"[Content_Types].xml" in content:
        return "This is an Excel or Office file. " + WAYS_OUT
    if b"opendocument" in content[:200]:
        return "This is a LibreOffice file. " + WAYS_OUT
    name = filename.lower()
    renamed = f" renamed to .{name.rsplit('.', 1)[1]}" if "." in name and not name.endswith(".zip") else ""
    return f"This is a ZIP file{renamed}. Unpack it and import the lists inside one by one."


def _decode(content: bytes) -> Decoded:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _with_losses(content, "utf-16", "UTF-16")
    try:
        return Decoded(content.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError:
        return _with_losses(content, "utf-8-sig", "UTF-8") if _is_damaged_utf8(content) else _guessed(content)


def _is_damaged_utf8(content: bytes) -> bool:
    """UTF-8 with a few broken places: nearly all that is beyond ASCII does decode."""
    if content.startswith(codecs.BOM_UTF8):
        return True
    decoded = content.decode("utf-8", errors="ignore")
    beyond_ascii = len(content) - len(content.translate(None, bytes(range(128, 256))))
    lost = len(content) - len(decoded.encode("utf-8"))
    return lost * 20 < beyond_ascii


def _with_losses(content: bytes, codec: str, name: str) -> Decoded:
    text = content.decode(codec, errors="replace")
    lost = text.count("\ufffd")
    return Decoded(
        text, name, f"{lost} characters of this file are damaged and stand as \ufffd." if lost else ""
    )


def _guessed(content: bytes) -> Decoded:
    text = content.decode("cp1252", errors="replace")
    return Decoded(text, "Windows-1252", GUESSED)
