"""Samples of every letter, with an invented cast and without the database."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm.domain import samples
from crm.domain.samples import SAMPLES, Scene
from crm.paths import TEMPLATES
from tests.domain.play import HOUSE

#: Every file of a letter.
FILES = sorted(file.stem for file in (TEMPLATES / "email").glob("*.html") if not file.stem.startswith("_"))


def test_every_letter_has_a_sample() -> None:
    assert sorted(SAMPLES) == FILES


@pytest.mark.parametrize("letter", FILES)
def test_it_is_written_whole_without_a_database(letter: str, now: datetime) -> None:
    subject, text, html = samples.show(letter, Scene(HOUSE, now, "Asia/Kolkata"))
    assert 8 < len(subject) <= 78
    assert text.strip()
    assert "None" not in text
    assert "</html>" in html


def test_what_it_says_is_true_of_the_cast(now: datetime) -> None:
    scene = Scene(HOUSE, now, "Europe/Stockholm")
    assert samples.show("brief", scene).subject == "Tomorrow 10:00: your talk with Mira Solberg"
    assert samples.show("thank_you", scene).subject == "Thank Mira Solberg by tomorrow 10:00"
    assert "You have asked Mira Solberg twice" in samples.show("close", scene).text
    assert "Jonas Wik suggested that I write to you." in samples.show("ask", scene).text


@pytest.mark.parametrize("letter", ["ask", "follow_up", "close", "set_date"])
def test_what_is_asked_of_somebody_keeps_the_limit_and_asks_for_no_job(letter: str, now: datetime) -> None:
    text = samples.show(letter, Scene(HOUSE, now, "Europe/Stockholm")).text
    draft = " ".join(line[2:] for line in text.split("\n") if line.startswith("> "))
    assert "15 to 20 minutes" in draft
    assert "[… " in draft
    honest = ("not asking you for a job", "not for a job", "for information only")
    assert letter == "set_date" or any(words in draft for words in honest)


def test_thanks_name_one_thing_and_what_comes_of_it(now: datetime) -> None:
    text = " ".join(samples.show("thank_you", Scene(HOUSE, now, "Europe/Stockholm")).text.split())
    assert "[… one specific thing]" in text
    assert "I will [… what you will do with it]" in text.replace("> ", "")
