"""Batches: letters under claim, carried over one connection, with as few words to the database as can be."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy import Connection as Line

from crm.database import straight, transaction, utcnow
from crm.domain import mail
from crm.domain.mail import Claimed
from crm.settings import SmtpTarget
from workers.answers import Trouble, Verdict
from workers.house import is_stopping
from workers.smtp import Connection

#: A stopped channel is tried again after about so many seconds.
PROBE = (5.0, 15.0)
#: One connection lives for so many seconds, and carries one batch.
LONGEST = 60.0
CHANCE = SystemRandom()
#: A letter refused by policy lets the others go first, and is the next probe where there are none.
ASIDE = timedelta(seconds=20)
#: What is tried again, and how long that waits at least: who comes early does not pass a greylist.
AGAIN = {
    Verdict.TRANSIENT: timedelta(0),
    Verdict.SLOW: timedelta(0),
    Verdict.GREYLISTED: timedelta(minutes=5),
}
#: What ends a batch, since no other letter would fare better.
ENDS = (Verdict.CHANNEL, Verdict.SLOW, Verdict.LOST)


class Batch:
    """One connection, letters under claim, and the one letter whose `sent` is not written yet."""

    def __init__(self, target: SmtpTarget, journal: str) -> None:
        self._target = target
        self._journal = journal
        self._letters: list[Claimed] = []
        self._taken: tuple[Claimed, str] | None = None
        self._connection: Connection | None = None
        self._line: Line | None = None
        self._said = ""
        self._policy: Trouble | None = None
        self.sent = 0
        self.is_full = False

    def open(self) -> bool:
        """Connect, then claim: whoever cannot send holds no letter. False where nobody answers."""
        try:
            self._connection = Connection(self._target)
        except Trouble as trouble:
            self._stop(trouble)
            return False
        try:
            self._claim()
        except BaseException:
            self._connection.close()
            raise
        self.is_full = len(self._letters) >= mail.BATCH
        return True

    def _claim(self) -> None:
        with transaction():
            if mail.channel().stopped_at is not None:
                mail.open_channel()
            self._letters = mail.claim(now=utcnow())

    def run(self) -> bool:
        """Carry every letter; one bad one holds up no other. False where another would fare no better."""
        is_of_use = bool(self._letters)
        try:
            with straight() as self._line:
                self._carry_all(time.monotonic() + LONGEST)
            # One recipient's policy is that recipient's; where nothing else got through it is the channel's.
            if self._policy is not None and not self.sent:
                raise self._policy
        except Trouble as trouble:
            self._stop(trouble)
            is_of_use = False
        finally:
            self._close()
        return is_of_use

    def _carry_all(self, until: float) -> None:
        while self._letters and time.monotonic() < until and not is_stopping():
            self._carry(self._letters[0])
            self._letters.pop(0)

    def _carry(self, letter: Claimed) -> None:
        journal = self._copy_to(letter)
        then = next(((after, self._copy_to(after)) for after in self._letters[1:2]), None)
        try:
            connection = self._offered(letter, journal)
            until = self._begin(letter, journal)
            if until is None:
                connection.reset()
                return
            self._said = connection.deliver(letter, until=until, then=then)
        except Trouble as trouble:
            self._said = trouble.reply
            if trouble.verdict not in (Verdict.CHANNEL, Verdict.LOST):
                self._settle(letter, trouble)
            if trouble.verdict in ENDS:
                raise
            return
        self._taken = letter, self._said
        self.sent += 1

    def _copy_to(self, letter: Claimed) -> str:
        """The journal that gets a copy; none of a secret."""
        return "" if letter.secret else self._journal

    def _offered(self, letter: Claimed, journal: str) -> Connection:
        """Offer the letter; a connection that died of idleness is made once more, as nothing was sent."""
        if self._connection is not None:
            try:
                self._connection.offer(letter, journal)
                return self._connection
            except Trouble as trouble:
                if trouble.verdict is not Verdict.LOST:
                    raise
                self._connection.close()
        self._connection = Connection(self._target)
        self._connection.offer(letter, journal)
        return self._connection

    def _begin(self, letter: Claimed, journal: str) -> datetime | None:
        """One commit: the letter before is `sent`, this one `transmitting`; answers the end of its lease."""
        now, line = utcnow(), self._line
        if line is not None and _is_plain(letter) and (self._taken is None or _is_plain(self._taken[0])):
            ours = mail.step(line, self._taken, letter, journal=journal, now=now)
        else:
            with transaction(durable=True):
                if self._taken:
                    mail.sent(*self._taken, now=now)
                ours = mail.transmitting(letter, now=now, journal=journal)
        self._taken = None
        return now + mail.LEASE if ours else None

    def _write_taken(self) -> None:
        if self._taken:
            with transaction(durable=True):
                mail.sent(*self._taken, now=utcnow())
            self._taken = None

    def _settle(self, letter: Claimed, trouble: Trouble) -> None:
        """What one letter's trouble means for it."""
        self._write_taken()
        with transaction():
            self._note(letter, trouble, utcnow())
        if self._connection is not None and not self._connection.reset():
            self._connection.close()
            self._connection = None

    def _note(self, letter: Claimed, trouble: Trouble, now: datetime) -> None:
        verdict, reply = trouble.verdict, trouble.reply
        if verdict is Verdict.UNKNOWN:
            mail.uncertain(letter, reply, now=now)
        elif verdict is Verdict.POLICY:
            self._policy = trouble
            mail.set_aside(letter, reply, until=now + ASIDE)
        elif verdict is Verdict.ASLEEP:
            mail.set_aside(letter, None, until=now)
        elif verdict in AGAIN:
            mail.put_back(letter, reply, now=now, jitter=CHANCE.random(), at_least=AGAIN[verdict])
        else:
            mail.failed(letter, reply, now=now, bad_address=verdict is Verdict.BAD_ADDRESS)

    def _stop(self, trouble: Trouble) -> None:
        """Nothing gets through: every letter keeps waiting, and none is charged with an attempt."""
        self._write_taken()
        after = timedelta(seconds=CHANCE.uniform(*PROBE))
        with transaction():
            mail.stop_channel(trouble.reply, now=utcnow(), probe_after=after)

    def _close(self) -> None:
        """The last letter is `sent`, what was not tried is free again, and the server's last word is kept."""
        now = utcnow()
        with transaction(durable=True):
            if self._taken:
                mail.sent(*self._taken, now=now)
            for letter in self._letters:
                mail.set_aside(letter, None, until=now)
            if self._said:
                mail.note(self._said, now=now)
        self._taken = None
        if self._connection is not None:
            self._connection.close()


def _is_plain(letter: Claimed) -> bool:
    """Whether nothing but the letter's own row changes as it leaves."""
    return letter.contact_id is None and not letter.secret
