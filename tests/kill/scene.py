"""A scene: letters that are due, a mail server that stops where told, workers to kill, and how it ends.

The tests play short ones, `./dev chaos` plays them for as long as one likes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select, update

from crm.database import db, transaction, utcnow
from crm.domain import contacts, interviews, mail, reminders
from crm.domain.reminders import writing
from crm.models import Contact, MailChannel, Message, MessageBody, MessageState
from crm.settings import Settings
from tests.cast import Cast
from tests.services import crew
from tests.services.crew import Worker
from tests.services.post import JOURNAL, Post
from tests.workers.running import environment, tick

SENDER = "crm@fika.example"
HOUSE = mail.Letterhead("http://localhost:8000", SENDER)
HELD = (MessageState.SENDING, MessageState.TRANSMITTING)
UNSETTLED = (*HELD, MessageState.WAITING, MessageState.DOUBTFUL)
#: More than any back-off and any grace.
LONG = timedelta(hours=3)
PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one letter, on our side and on the server's."""

    to: str
    to_contact: bool
    state: MessageState
    delivered: int


@dataclass
class Scene:
    """One pair, one mail server, with a journal or without."""

    app: Flask
    settings: Settings
    cast: Cast
    post: Post
    journal: bool

    def worker(self, *, threads: int = 1) -> AbstractContextManager[Worker]:
        """A worker process that sends to our server."""
        return crew.worker(self.settings.data_dir, self.environment(), threads=threads)

    def environment(self) -> dict[str, str]:
        """What a worker is told."""
        told = {**environment(self.settings), "SMTP_URL": self.post.url, "MAIL_FROM": SENDER}
        if self.journal:
            told |= {"MAIL_JOURNAL": JOURNAL, "MAIL_JOURNAL_IMAP": self.post.journal.url}
        return told

    def tick(self) -> None:
        """The scheduler's word to send what waits, and to look into doubts."""
        for task in ("mail.drain", "journal.look"):
            tick(self.settings, task)

    def invite(self, name: str = "Grace") -> None:
        """An invitation to a contact is due."""
        now = utcnow() - timedelta(seconds=30)
        with transaction():
            interviews.plan(
                self._contact(name, now),
                by=self.cast.alice,
                starts_at=now + timedelta(days=10),
                now=now,
                house=HOUSE,
            )

    def remind(self, name: str = "Niels") -> None:
        """A reminder to Alice is due: to ask a contact for a talk."""
        now = utcnow()
        with transaction():
            contact = self._contact(name, now)
            (reminder,) = reminders.open_of(contact)
            reminder.due_at, reminder.steps = now, [["once", now.isoformat()]]
        with transaction():
            writing.write_due(house=HOUSE, now=now)

    def _contact(self, name: str, now: datetime) -> Contact:
        facts = {"name": name, "email": f"{name.casefold()}@example.com"}
        return contacts.add(self.cast.workspace, facts, by=self.cast.alice, now=now)

    def fatten(self, size: int = 8 << 20) -> None:
        """Make every letter larger than all that sockets keep, so that one can be stopped in its middle."""
        line = b"x" * 76 + b"\r\n"
        with transaction():
            for body in db.session.query(MessageBody):
                body.raw = (body.raw or b"") + line * (size // len(line))

    def bury(self) -> None:
        """The leases of workers that are dead or asleep end now."""
        self.post.listener.settle()
        self.lapse()

    def lapse(self) -> None:
        """Every lease ends now."""
        with transaction():
            over = utcnow() - timedelta(seconds=1)
            db.session.execute(update(Message).where(Message.state.in_(HELD)).values(lease_until=over))

    def pass_time(self, span: timedelta = LONG) -> None:
        """Hours pass for letters that nobody holds, and for a stopped channel."""
        free = select(Message).where(Message.state.in_((MessageState.WAITING, MessageState.DOUBTFUL)))
        with transaction():
            # What a worker looks at just now is left to it: two who wait for each other would both fail.
            for message in db.session.scalars(free.with_for_update(skip_locked=True)):
                message.next_try_at = message.next_try_at and message.next_try_at - span
                message.doubtful_since = message.doubtful_since and message.doubtful_since - span
        with transaction():
            db.session.execute(update(MailChannel).values(probe_at=utcnow()))

    def hurry(self) -> None:
        """Whatever waits or is in doubt is due now, and no time passes."""
        free = update(Message).where(Message.state.in_((MessageState.WAITING, MessageState.DOUBTFUL)))
        with transaction():
            db.session.execute(free.values(next_try_at=utcnow()))

    def finish(self, *, alone: bool = True) -> None:
        """A worker goes on until every letter has its end, while hours pass between its rounds."""
        last = time.monotonic() + PATIENCE
        with self.worker():
            while self.unsettled():
                assert time.monotonic() < last, self.outcomes()
                self.pass_time()
                self.tick()
                time.sleep(0.1)
        if alone:
            self.post.listener.settle()

    def unsettled(self) -> int:
        """How many letters have no final state."""
        db.session.rollback()
        return db.session.query(Message).where(Message.state.in_(UNSETTLED)).count()

    def ends(self) -> dict[str, tuple[MessageState, int]]:
        """By address, where one letter goes to each: its state, and how often it was delivered."""
        found = self.outcomes()
        ends = {each.to: (each.state, each.delivered) for each in found}
        assert len(ends) == len(found)
        return ends

    def outcomes(self) -> list[Outcome]:
        """Every letter, oldest first."""
        db.session.rollback()
        db.session.expire_all()
        return [
            Outcome(
                to=each.to,
                to_contact=each.to_contact,
                state=each.state,
                delivered=self.post.delivered[each.message_id],
            )
            for each in db.session.query(Message).order_by(Message.id)
        ]


def wait_until(ask: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Look again and again."""
    last = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < last, f"not within {seconds} s"
        time.sleep(0.02)


@contextmanager
def server() -> Iterator[Post]:
    """A mail server and its journal."""
    post = Post()
    try:
        yield post
    finally:
        post.stop()
