"""Every letter as its reader gets it: `letters/*.txt` hold them whole.

After a change of the words, `FIKA_KEEP_LETTERS=1` writes the files anew; read them before keeping them.
"""

from __future__ import annotations

import os
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from crm.domain.reminders import links
from crm.models import Message
from tests.cast import Cast
from tests.domain.play import KEY
from tests.domain.story import Story

FOLDER = Path(__file__).parent / "letters"
NAMES = sorted(file.stem for file in FOLDER.glob("*.txt"))
KEEP = "FIKA_KEEP_LETTERS"
#: What stands around words, other in text than in HTML.
MARKS = ">-·:,.;"
#: What a letter may lead to besides our own pages: maps, profiles, rooms, mail and telephone.
LEADS = re.compile(
    r"https://fika\.example\.org/|https://www\.openstreetmap\.org/search\?|https://www\.linkedin\.com/|https://meet\.example\.org/|mailto:|tel:"
)

pytestmark = pytest.mark.parametrize("pair", ["sqlite"], indirect=True)


class Letter(HTMLParser):
    """What the HTML part shows, and what it would fetch or lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = [""]
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.sources: list[str] = []
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._hidden = tag in ("style", "title")
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.sources += [value or "" for name, value in attrs if name in ("src", "background", "srcset")]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data.split()


@pytest.fixture
def letters(cast: Cast) -> dict[str, tuple[str, str, str]]:
    """Subject, text and HTML of every letter; the story is told once a process."""
    if not _told():
        _told().update({name: _parts(letter) for name, letter in Story(cast).tell().items()})
    return _told()


@cache
def _told() -> dict[str, tuple[str, str, str]]:
    return {}


def _parts(letter: Message) -> tuple[str, str, str]:
    text, html = letter.text or "", letter.html or ""
    return letter.subject, _legible(text, letter), _legible(html, letter)


def _legible(part: str, letter: Message) -> str:
    """Signed links by what they say."""
    return re.sub(r"(?<=/a/)[\w-]{39}", lambda found: _says(found[0], letter), part)


def _says(token: str, letter: Message) -> str:
    link = links.read(token, key=KEY, now=letter.created_at)
    assert link.owner_id == letter.user_id
    return f"{link.purpose.name.lower()}-{link.reminder_id}"


def test_every_letter_of_the_story_is_kept_in_a_file(letters: dict[str, tuple[str, str, str]]) -> None:
    if os.environ.get(KEEP):
        for name, (subject, text, _) in letters.items():
            (FOLDER / f"{name}.txt").write_text(f"Subject: {subject}\n\n{text}")
    assert sorted(letters) == sorted(file.stem for file in FOLDER.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_the_letter_reads(letters: dict[str, tuple[str, str, str]], name: str) -> None:
    subject, text, _ = letters[name]
    assert f"Subject: {subject}\n\n{text}" == (FOLDER / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_plain(letters: dict[str, tuple[str, str, str]], name: str) -> None:
    subject, text, _ = letters[name]
    assert len(subject) <= 78
    assert "\n\n\n" not in text
    assert not re.search(r"&(#\d+|[a-z]+);|</?[a-z]+[ >]", text.replace("<Ltd>", ""))
    prose = [line for line in text.split("\n") if len(line) > 72 and "http" not in line]
    assert [line for line in prose if ": " not in line] == []


@pytest.mark.parametrize("name", NAMES)
def test_both_parts_say_the_same(letters: dict[str, tuple[str, str, str]], name: str) -> None:
    _, text, html = letters[name]
    shown = Letter(html)
    words = {word.strip(MARKS) for word in re.sub(r"https?://\S+", "", text).split()}
    assert words - {word.strip(MARKS) for word in shown.words} == set()
    ours = [word for word in text.split() if word.startswith("https://fika.example.org/")]
    assert sorted(set(ours)) == sorted({link for link in shown.links if link.startswith("https://fika.")})


@pytest.mark.parametrize("name", NAMES)
def test_the_html_fetches_nothing_and_holds_in_the_dark(
    letters: dict[str, tuple[str, str, str]], name: str
) -> None:
    _, _, html = letters[name]
    shown = Letter(html)
    assert shown.sources == []
    assert shown.tags.isdisjoint({"script", "link", "img", "iframe", "form", "object"})
    assert not re.search(r"url\(|@import|@font-face", html)
    assert [link for link in shown.links if not LEADS.match(link)] == []
    assert "prefers-color-scheme: dark" in html
    assert '<html lang="en">' in html


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name.startswith(("invitation", "update", "cancel"))]
)
def test_a_contact_never_reads_the_seekers_notes(letters: dict[str, tuple[str, str, str]], name: str) -> None:
    for part in letters[name]:
        assert "membranes" not in part
        assert "careers fair" not in part
        # Nothing of ours but the page on which to answer.
        assert "https://fika.example.org" not in part.replace("https://fika.example.org/i/", "")
