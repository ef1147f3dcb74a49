"""What strangers send us, wounded by chance: messages, answers, winmail.dat and lists.

Whatever reads foreign bytes either understands them or says no in its own words, within a time and a memory
that hang on how much was sent and on nothing else.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
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
#: Seconds, and as many more for each megabyte that was sent; counting memory makes all of it thrice as slow.
PATIENCE, PER_MEGABYTE = 3.0, 6.0
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


def _list(content: bytes) -> None:
    for name in ("people.csv", "people.vcf", ""):
        with suppress(Unreadable):
            for _ in formats.recognise(name, content).rows():
                pass


def _messages() -> list[bytes]:
    ics = reply(UID, "ACCEPTED", at=AT).decode()
    answer = f'Content-Type: text/calendar; method="REPLY"\n\n{ics}'
    head = {"From": mails.ADA, "To": mails.MAILBOX, "Content-Type": 'multipart/mixed; boundary="=_border"'}
    body = mails.parts(
        "mixed", "Content-Type: text/plain\n\nYes\n> No", answer, "Content-Type: text/html\n\n<p>Yes"
    )
    return [mails.plain(), mails.bounce(to="ada@example.com"), mails.complaint("1"), mails.joined(head, body)]


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
    Reader(
        "lists",
        _list,
        [
            b'Name,E-mail,Notes\r\nAda Ek,ada@example.org,"one\r\ntwo"\r\n',
            b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Ek\r\nEMAIL;TYPE=work:ada@example.org\r\nEND:VCARD\r\n",
            "Ada Ek, Engineer, Kitsap <ada@example.org>\n".encode("utf-16"),
        ],
    ),
)


def hurt(reader: Reader, chance: Random) -> str:
    """One wounded thing is read; a sentence where that broke, hung or took too much."""
    raw = wounded(chance.choice(reader.whole), reader.whole, chance)
    tracemalloc.start()
    began = time.thread_time()
    try:
        reader.read(raw)
        most = tracemalloc.get_traced_memory()[1]
    except Exception as trouble:  # noqa: BLE001  (whatever it is, it is told)
        return f"{reader.name}: {type(trouble).__name__} {trouble}"[:300] + f" at {raw[:200]!r}"
    finally:
        tracemalloc.stop()
    seconds = time.thread_time() - began
    if seconds > PATIENCE + PER_MEGABYTE * len(raw) / 1e6:
        return f"{reader.name}: {seconds:.1f} s for {len(raw)} bytes, {raw[:200]!r}"
    if most > MOST_BYTES + len(raw):
        return f"{reader.name}: {most >> 20} MB for {len(raw)} bytes, {raw[:200]!r}"
    return ""
