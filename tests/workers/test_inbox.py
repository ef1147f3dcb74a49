"""The mailbox read by the worker, with a real IMAP server: each message once, and none holds up the next."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from crm.database import db, transaction, utcnow
from crm.domain import inbox
from crm.models import Came, Cursor, Message, MessageKind, Received
from tests.cast import Cast
from tests.domain.inbox.mails import plain
from tests.services import imap
from tests.services.imap import ImapServer
from workers import listening
from workers.health import sweep
from workers.imap import BEGINNING, Mailbox
from workers.inbox import poll


@pytest.fixture(scope="session")
def imap_of_session() -> Iterator[ImapServer]:
    """One mailbox a process."""
    server = imap.start()
    yield server
    server.listener.stop()


@pytest.fixture
def mailbox(
    core: Flask, imap_of_session: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ImapServer]:
    """A mailbox in the settings, that nobody listens to."""
    imap_of_session.forget()
    monkeypatch.setattr(listening, "begin", lambda _target: None)
    before = core.config["SETTINGS"]
    core.config["SETTINGS"] = replace(before, imap_url=imap_of_session.url, mail_from="crm@fika.example")
    yield imap_of_session
    core.config["SETTINGS"] = before


def reply(number: int, text: str = "Gladly!") -> bytes:
    return plain(text, message_id=f"{number}@example.com", at=utcnow())


def come(mailbox: ImapServer) -> None:
    """A message comes as soon as somebody listens."""
    while not mailbox.is_listened_to:
        time.sleep(0.01)
    mailbox.keep(reply(1))


def kinds() -> list[Came]:
    db.session.expire_all()
    return list(db.session.scalars(select(Received.kind).order_by(Received.id)))


def cursor() -> Cursor:
    db.session.expire_all()
    return db.session.scalars(select(Cursor)).one()


def test_what_is_new_is_read_once(mailbox: ImapServer, cast: Cast) -> None:
    mailbox.keep(reply(1))
    mailbox.keep(reply(2, "And one more"))
    assert poll() == 2
    assert poll() == 0
    assert kinds() == [Came.REPLY, Came.REPLY]
    assert (cursor().last_uid, cursor().trouble) == (2, "")
    assert len(db.session.scalars(select(Message).where(Message.kind == MessageKind.REPLY)).all()) == 2


def test_nothing_is_marked_as_read_by_it(mailbox: ImapServer, cast: Cast) -> None:
    mailbox.keep(reply(1))
    poll()
    fetched = [command for command in mailbox.heard if "FETCH" in command and "BODY" in command]
    assert fetched
    assert all("BODY.PEEK[]" in command for command in fetched)
    assert not [command for command in mailbox.heard if "STORE" in command or command.startswith("SELECT")]


def test_the_first_time_only_the_last_days_are_read(mailbox: ImapServer, cast: Cast) -> None:
    poll()
    poll()
    searches = [command for command in mailbox.heard if "SEARCH" in command]
    assert "SINCE" in searches[0]
    assert "SINCE" not in searches[1]


def test_with_other_numbers_everything_is_read_again_and_known(mailbox: ImapServer, cast: Cast) -> None:
    mailbox.keep(reply(1))
    poll()
    mailbox.letters.clear()
    mailbox.validity = 2
    for number in (1, 2):
        mailbox.keep(reply(number) if number > 1 else plain(message_id="1@example.com", at=_when()))
    assert poll() == 2
    assert len(kinds()) == 2
    assert (cursor().uid_validity, cursor().last_uid) == (2, 2)


def _when() -> Any:
    return db.session.scalars(select(Received.at).order_by(Received.id)).first()


@pytest.mark.parametrize("bad", [b"", b"no message at all", b"\x00\xff" * 1000])
def test_a_bad_message_never_blocks_the_next(mailbox: ImapServer, cast: Cast, bad: bytes) -> None:
    mailbox.keep(bad)
    mailbox.keep(reply(2))
    assert poll() == 2
    assert kinds() == [Came.REPLY]
    assert cursor().last_uid == 2


def test_one_that_breaks_us_never_blocks_the_next(
    mailbox: ImapServer, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = inbox.take

    def breaking(found: inbox.Incoming, **facts: Any) -> Received:
        if found.text == "break":
            raise RecursionError
        return whole(found, **facts)

    monkeypatch.setattr(inbox, "take", breaking)
    mailbox.keep(reply(1, "break"))
    mailbox.keep(reply(2))
    poll()
    assert kinds() == [Came.REPLY]
    assert cursor().last_uid == 2


def test_of_a_message_that_is_too_large_the_beginning_is_read(
    mailbox: ImapServer, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST", 2 * BEGINNING)
    mailbox.keep(reply(1) + b"x" * (2 * BEGINNING))
    assert poll() == 1
    assert kinds() == [Came.REPLY]


def test_a_mailbox_that_cannot_be_read_is_told_to_the_owner_in_time(mailbox: ImapServer, cast: Cast) -> None:
    mailbox.answers["LOGIN"] = "NO [AUTHENTICATIONFAILED] not you"
    assert poll() == 0
    assert "not you" in cursor().trouble
    assert cursor().lease_until is None
    name = cursor().account
    assert inbox.lasting_trouble(name, now=utcnow()) is None
    assert inbox.lasting_trouble(name, now=utcnow() + timedelta(minutes=11)) is not None
    mailbox.answers.clear()
    mailbox.keep(reply(1))
    assert poll() == 1
    assert cursor().trouble == ""


def test_one_worker_reads_at_a_time_and_a_dead_one_is_followed(mailbox: ImapServer, cast: Cast) -> None:
    mailbox.keep(reply(1))
    poll()
    with transaction():
        assert inbox.claim(cursor().account, now=utcnow())
    mailbox.keep(reply(2))
    assert poll() == 0
    with time_machine.travel(utcnow() + timedelta(minutes=4)):
        assert poll() == 1


def test_without_a_mailbox_nothing_is_read(core: Flask, cast: Cast) -> None:
    assert poll() == 0


def test_the_server_tells_when_something_comes(mailbox: ImapServer, core: Flask) -> None:
    mailbox.idles = True
    target = core.config["SETTINGS"].imap
    threading.Thread(target=come, args=(mailbox,), daemon=True).start()
    with Mailbox(target) as open_one:
        assert open_one.wait(10)
    with Mailbox(target) as open_one:
        began = time.monotonic()
        assert not open_one.wait(0.2)
        assert time.monotonic() - began < 5


def test_being_told_wakes_the_poll_and_silence_costs_nothing(
    mailbox: ImapServer, core: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    quiet = threading.Event()

    def wake(name: str) -> None:
        woken.append(name)
        quiet.set()

    monkeypatch.setattr(listening, "wake", wake)
    mailbox.idles = True
    threading.Thread(target=come, args=(mailbox,), daemon=True).start()
    ear = threading.Thread(
        target=listening._listen, args=(core.config["SETTINGS"].imap, core, quiet), daemon=True
    )
    ear.start()
    ear.join(10)
    assert woken == ["inbox.poll"]


def test_hashes_are_swept(mailbox: ImapServer, cast: Cast) -> None:
    mailbox.keep(plain(sender="stranger@example.net", at=utcnow()))
    poll()
    assert kinds() == [Came.UNKNOWN]
    with time_machine.travel(utcnow() + timedelta(days=93)):
        sweep()
    assert kinds() == []


def test_with_other_numbers_nothing_is_read_that_was_old_at_the_first_time(
    mailbox: ImapServer, cast: Cast
) -> None:
    first = utcnow()
    mailbox.keep(reply(1))
    poll()
    mailbox.validity = 2
    with time_machine.travel(first + timedelta(days=20), tick=False):
        poll()
    since = [command for command in mailbox.heard if "SEARCH" in command][-1].rpartition(" ")[2]
    assert since == f"{(first - timedelta(days=3)):%-d-%b-%Y}"


@pytest.mark.parametrize("broken", [False, True])
def test_what_was_old_at_the_first_time_is_never_read(mailbox: ImapServer, cast: Cast, broken: bool) -> None:
    mailbox.keep(reply(1), came=utcnow() - timedelta(days=30))
    if broken:
        mailbox.answers["SEARCH"] = "NO not just now"
        poll()
        mailbox.answers.clear()
    assert (poll(), poll()) == (0, 0)
    assert not kinds()
    mailbox.keep(reply(2))
    assert poll() == 1
    assert kinds() == [Came.REPLY]
