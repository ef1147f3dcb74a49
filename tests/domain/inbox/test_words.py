from __future__ import annotations

from datetime import date

import pytest

from crm.domain import inbox
from crm.domain.inbox import automatic, forwarding, plain, quoting
from tests.domain.inbox import mails

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote"><div>On 1 May Alice wrote:</div><blockquote>old</blockquote></div>',
        '<blockquote type="cite">old</blockquote>',
        '<div class="moz-cite-prefix">Alice wrote:</div><blockquote type="cite">old</blockquote>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Alice</div><div>old</div>',
        '<div class="yahoo_quoted"><div>old</div></div>',
    ],
)
def test_html_says_what_is_quoted(quote: str) -> None:
    own, quoted = plain.text_of(f"<div>New</div>{quote}")
    assert own.strip() == "New"
    assert "old" in quoted


@pytest.mark.parametrize(
    "lead",
    [
        "On Mon, 9 Mar 2026 at 08:00, Alice <crm@fika.example> wrote:",
        "On Mon, 9 Mar 2026 at 08:00, Alice Ahlgren via Fika\n<crm+m0123@fika.example> wrote:",
        "Am 09.03.2026 um 08:00 schrieb Alice Ahlgren:",
        "Am Mo., 9. März 2026 um 08:00 Uhr schrieb Alice <crm@fika.example>:",
        "Le lun. 9 mars 2026 à 08:00, Alice <crm@fika.example> a écrit :",
        "El lun, 9 mar 2026 a las 8:00, Alice (<crm@fika.example>) escribió:",
        "Il giorno lun 9 mar 2026 alle ore 08:00 Alice <crm@fika.example> ha scritto:",
        "Op ma 9 mrt 2026 om 08:00 schreef Alice <crm@fika.example>:",
        "Den mån 9 mars 2026 kl 08:00 skrev Alice <crm@fika.example>:",
        "-----Original Message-----\nFrom: Alice\nSent: Monday",
        "-----Ursprüngliche Nachricht-----\nVon: Alice",
        "________________________________\nFrom: Alice <crm@fika.example>",
        "From: Alice <crm@fika.example>\nSent: Monday, March 9, 2026 8:00 AM\nTo: Ada\nSubject: A talk",
        "Von: Alice <crm@fika.example>\nGesendet: Montag, 9. März 2026 08:00\nAn: Ada\nBetreff: A talk",
        "> Dear Ada,",
    ],
)
def test_quoted_text_is_folded_away(lead: str) -> None:
    folded = quoting.fold(f"Gladly!\n\nAda\n\n{lead}\n\n> Dear Ada,\n> a talk?\n")
    assert folded.own == "Gladly!\n\nAda"
    assert folded.quoted.startswith(lead.split("\n", maxsplit=1)[0])


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday I read what you wrote:\nit is good.",
        "From: nothing in particular\nI would go on Monday.",
        "> is greater than <\nand so on",
        "See you on Monday.",
    ],
)
def test_what_only_looks_like_it_is_theirs(text: str) -> None:
    assert quoting.fold(text) == (text, "")


def test_answers_between_the_lines_are_theirs() -> None:
    text = "On 9 March 2026 Alice <crm@fika.example> wrote:\n> When?\nTuesday.\n> Where?\nHere."
    folded = quoting.fold(text)
    assert folded.own == "Tuesday.\nHere."
    assert "> When?" in folded.quoted


def test_what_a_telephone_adds_is_not_theirs() -> None:
    assert quoting.fold("Yes\n\nSent from my iPhone").own == "Yes"


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("I am out of the office until 3 April 2026.", date(2026, 4, 3)),
        ("I will be back on Monday, April 6th.", date(2026, 4, 6)),
        ("I will return to the office on 2026-04-07.", date(2026, 4, 7)),
        ("Ich bin bis zum 12.04.2026 nicht im Haus.", date(2026, 4, 12)),
        ("Ab dem 7. April bin ich wieder erreichbar.", date(2026, 4, 7)),
        ("Je serai de retour le 15 avril 2026.", date(2026, 4, 15)),
        ("Jag är tillbaka den 7 april.", date(2026, 4, 7)),
        ("Ik ben terug op 8 april 2026", date(2026, 4, 8)),
        ("I am away until 2 January.", date(2027, 1, 2)),
        ("I am away, and will answer later.", None),
        ("I was away until 3 March 2026.", None),
        ("Back on 31 February.", None),
        ("Call me in 2 days on 0123 456.", None),
        ("We have been back in business since 1990.", None),
    ],
)
def test_the_day_of_return_is_read_where_it_is_said_plainly(text: str, back: date | None) -> None:
    assert automatic.back_on(text, TODAY) == back


BODY = "Dear Alice,\n\nask me anything.\n\nAda"
APPLE = """Begin forwarded message:

From: Ada Okafor <ada@example.com>
Subject: Your questions
Date: 9 March 2026 at 16:00:00 CET
To: Alice <alice@example.org>"""
OUTLOOK = """________________________________
Von: Ada Okafor <ada@example.com>
Gesendet: Montag, 9. März 2026 16:00
An: Alice <alice@example.org>
Betreff: Your questions"""
OLDER = """-----Original Message-----
From: Ada Okafor [mailto:ada@example.com]
Sent: Monday
To: Alice
Subject: Your questions"""
HEADS = [APPLE, OUTLOOK, OLDER]


@pytest.mark.parametrize("text", [mails.FORWARDED, *(f"{head}\n\n{BODY}" for head in HEADS)])
def test_what_was_forwarded_is_read_from_the_text(text: str) -> None:
    found = forwarding.original(inbox.read(mails.plain(text, subject="Fwd: Your questions")))
    assert found is not None
    assert found.sender == ("Ada Okafor", "ada@example.com")
    assert (found.subject, found.text) == ("Your questions", BODY)
