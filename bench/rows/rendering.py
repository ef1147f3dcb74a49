"""One letter: from its values to its bytes."""

from __future__ import annotations

from collections.abc import Callable

from bench import library
from bench.harness import Row, Target, clocked, compare
from bench.place import MAIL_FROM, Place
from crm.database import utcnow
from crm.domain import samples
from crm.domain.mail import Letterhead, mime, render
from crm.domain.mail.mime import Letter
from crm.domain.samples import SAMPLES, Scene

TARGET = Target(0.2, "the time of email.message.EmailMessage", least=False)
TIMES = 100
HOUSE = Letterhead("https://fika.example.org", MAIL_FROM)
LETTER = "prepare"


def measure(here: Place) -> list[Row]:
    """The bytes against the standard library's; the template with them is told besides."""
    scene = Scene(HOUSE, utcnow(), "Europe/Berlin")
    one = _letter(*samples.show(LETTER, scene))
    values = {"user": scene.seeker, "addresses": HOUSE.addresses} | SAMPLES[LETTER].values(scene)

    def both() -> object:
        return mime.build(_letter(*render.render(LETTER, values)))

    def row(name: str, target: Target | None, ours: Callable[[], object]) -> Row:
        theirs = clocked(lambda: library.build(one), TIMES)
        return compare(name, target, clocked(ours, TIMES), theirs, rounds=here.rounds, pieces=TIMES)

    return [
        row("rendering: MIME of one letter", TARGET, lambda: mime.build(one)),
        row("rendering: template and MIME", None, both),
    ]


def _letter(subject: str, text: str, html: str) -> Letter:
    return Letter(
        message_id="<out.0123456789abcdef01234567@fika.example.org>",
        date=utcnow(),
        sender=MAIL_FROM,
        sender_name="Fika",
        to="alice@example.org",
        to_name="Alice Ahlgren",
        subject=subject,
        text=text,
        html=html,
        unsubscribe="https://fika.example.org/u/0123456789012345678901",
    )
