"""What strangers send us, wounded by chance: messages, answers, winmail.dat and lists.

Whatever reads foreign bytes either understands them or says no in its own words, within a time and a memory
that hang on how much was sent and on nothing else.
"""

from __future__ import annotations

import signal
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import FrameType
from typing import NamedTuple

from crm.domain import answers, inbox
from crm.domain.errors import Invalid
from crm.domain.inbox import forwarding
from crm.domain.transfers import Unreadable, formats
from tests.domain.answers import tnef
from tests.domain.answers.post import reply
from tests.domain.inbox import mails
from tests.fuzz.wounds import wounded

#: Above what was sent.
MOST_BYTES = 64 << 20
#: Seconds, and as many more for each megabyte; counting memory makes all of it five times as slow.
PATIENCE, PER_MEGABYTE = 3.0, 25.0
AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
UID = "0123456789abcdef0123456789abcdef@fika"
WRITTEN = Path(__file__).parents[1] / "domain" / "answers" / "written"


class Reader(NamedTuple):
    """Something that reads foreign bytes, with whole ones to begin with."""

    name: str
    read: Callable[[bytes], object]
    whole: Sequence[bytes]


def _message(raw: bytes) -> None:
    with suppress(Invalid):
        forwarding.original(inbox.read(raw))


def _answer(ics: bytes) -> None:
    answers.read(ics)


def _winmail(raw: bytes) -> None:
    answers.read(answers.unwrap(raw) or b"")


def _listed(filename: str) -> Callable[[bytes], None]:
    """Read as a list whose file has this name."""

    def read(content: bytes) -> None:
        with suppress(Unreadable):
            for _ in formats.recognise(filename, content).rows():
                pass

    return read


def _messages() -> list[bytes]:
    ics = reply(UID, "ACCEPTED", at=AT).decode()
    answer = f'Content-Type: text/calendar; method="REPLY"\n\n{ics}'
    head = {"From": mails.ADA, "To": mails.MAILBOX, "Content-Type": 'multipart/mixed; boundary="=_border"'}
    body = mails.parts(
        "mixed", "Content-Type: text/plain\n\nYes\n> No", answer, "Content-Type: text/html\n\n<p>Yes"
    )
    return [mails.plain(), mails.bounce(to="ada@example.com"), mails.complaint("1"), mails.joined(head, body)]


LISTS = (
    b'Name,E-mail,Notes\r\nAda Ek,ada@example.org,"one\r\ntwo"\r\n',
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Ek\r\nEMAIL;TYPE=work:ada@example.org\r\nEND:VCARD\r\n",
    "Ada Ek, Engineer, Kitsap <ada@example.org>\n".encode("utf-16"),
)
READERS = (
    Reader("messages", _message, _messages()),
    Reader("answers", _answer, [path.read_bytes() for path in sorted(WRITTEN.glob("*.ics"))]),
    Reader(
        "winmail",
        _winmail,
        [
            tnef.winmail(f"IPM.Schedule.Meeting.Resp.{word}", UID, "ada@example.com", at=AT)
            for word in ("Pos", "Neg")
        ],
    ),
    *(Reader(f"lists {name}", _listed(name), LISTS) for name in ("people.csv", "people.vcf", "")),
)


def hurt(reader: Reader, chance: Random) -> str:
    """One wounded thing is read; a sentence where that broke, hung or took too much."""
    raw = wounded(chance.choice(reader.whole), reader.whole, chance)
    patience = PATIENCE + PER_MEGABYTE * len(raw) / 1e6
    tracemalloc.start()
    try:
        with _limited(patience):
            reader.read(raw)
        most = tracemalloc.get_traced_memory()[1]
    except Exception as trouble:  # noqa: BLE001  (whatever it is, it is told)
        return (
            f"{reader.name}: {type(trouble).__name__} {trouble}"[:300]
            + f" at {len(raw)} bytes, {raw[:300]!r}"
        )
    finally:
        tracemalloc.stop()
    if most > MOST_BYTES + len(raw):
        return f"{reader.name}: {most >> 20} MB for {len(raw)} bytes, {raw[:200]!r}"
    return ""


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Interrupt what goes on for longer, patterns that are being matched too."""

    def too_long(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"still at it after {seconds:.1f} s")

    usual = signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, usual)
