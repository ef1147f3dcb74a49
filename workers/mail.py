"""Mail: the only place from which letters leave."""

from __future__ import annotations

from datetime import timedelta
from random import SystemRandom

from crm.database import transaction, utcnow
from crm.domain import mail
from crm.domain.mail import Claimed
from crm.settings import SmtpTarget
from workers.app import app
from workers.house import settings
from workers.smtp import Connection, Trouble, Verdict

#: A stopped channel is tried again after about so many seconds.
PROBE = (5.0, 15.0)
#: One connection carries at most so many letters.
BATCH = 50
CHANCE = SystemRandom()
#: A letter refused by policy lets the others go first, and is the next probe where there are none.
ASIDE = timedelta(seconds=20)


@app.task(name="workers.mail.drain")
def drain() -> int:
    """Send what waits; answers how many letters the server took."""
    target = settings().smtp
    if target is None or not _may_try():
        return 0
    with transaction():
        mail.recover(now=utcnow())
        letters = mail.claim(now=utcnow(), limit=BATCH)
    return _Batch(letters, target).run() if letters else 0


def _may_try() -> bool:
    """Whether the channel is open, or a stopped one is to be probed now."""
    now = utcnow()
    with transaction():
        channel = mail.channel(lock=True)
        if channel.stopped_at is None:
            return True
        if channel.probe_at is not None and channel.probe_at > now:
            return False
        # One prober at a time: the others see this and wait.
        channel.probe_at = now + timedelta(seconds=PROBE[1])
        return True


class _Batch:
    """Letters under claim, one connection, and the one letter whose `sent` is not written yet."""

    def __init__(self, letters: list[Claimed], target: SmtpTarget) -> None:
        self._letters = letters
        self._target = target
        self._taken: tuple[Claimed, str] | None = None
        self._connection: Connection | None = None
        self._sent = 0
        self._policy: Trouble | None = None

    def run(self) -> int:
        """Carry every letter to the server; one bad letter holds up no other."""
        try:
            while self._letters:
                self._carry(self._letters[0])
                self._letters.pop(0)
            # One recipient's policy is that recipient's; where nothing else got through it is the channel's.
            if self._policy is not None and not self._sent:
                raise self._policy
        except Trouble as trouble:
            self._stop(trouble)
        finally:
            self._write_taken()
            if self._connection is not None:
                self._connection.close()
        return self._sent

    def _carry(self, letter: Claimed) -> None:
        try:
            connection = self._offered(letter)
            if not self._begin(letter):
                connection.reset()
                return
            self._taken = letter, connection.deliver(letter)
            self._sent += 1
        except Trouble as trouble:
            if trouble.verdict is Verdict.CHANNEL:
                raise
            self._settle(letter, trouble)

    def _offered(self, letter: Claimed) -> Connection:
        """Offer the letter; a connection that died of idleness is made once more, as nothing was sent."""
        if self._connection is not None:
            try:
                self._connection.offer(letter)
                return self._connection
            except Trouble as trouble:
                if trouble.verdict is not Verdict.CHANNEL:
                    raise
                self._connection.close()
        self._connection = Connection(self._target)
        self._opened()
        self._connection.offer(letter)
        return self._connection

    def _opened(self) -> None:
        with transaction():
            if mail.channel().stopped_at is not None:
                mail.open_channel()

    def _begin(self, letter: Claimed) -> bool:
        """One commit: the letter before is `sent`, this one is `transmitting`."""
        with transaction():
            if self._taken:
                mail.sent(*self._taken, now=utcnow())
            ours = mail.transmitting(letter, now=utcnow())
        self._taken = None
        return ours

    def _write_taken(self) -> None:
        if self._taken:
            with transaction():
                mail.sent(*self._taken, now=utcnow())
            self._taken = None

    def _settle(self, letter: Claimed, trouble: Trouble) -> None:
        """What one letter's trouble means for it."""
        self._write_taken()
        with transaction():
            if trouble.verdict is Verdict.UNKNOWN:
                mail.uncertain(letter, trouble.reply, now=utcnow())
            elif trouble.verdict is Verdict.POLICY:
                self._policy = trouble
                mail.set_aside(letter, trouble.reply, until=utcnow() + ASIDE)
            elif trouble.verdict is Verdict.TRANSIENT:
                mail.put_back(letter, trouble.reply, now=utcnow(), jitter=CHANCE.random())
            else:
                bad = trouble.verdict is Verdict.BAD_ADDRESS
                mail.failed(letter, trouble.reply, now=utcnow(), bad_address=bad)
        if self._connection is not None and not self._connection.reset():
            self._connection.close()
            self._connection = None

    def _stop(self, trouble: Trouble) -> None:
        """Nothing gets through: every letter keeps waiting, and none is charged with an attempt."""
        self._write_taken()
        now = utcnow()
        with transaction():
            for letter in self._letters:
                mail.set_aside(letter, None, until=now)
            after = timedelta(seconds=CHANCE.uniform(*PROBE))
            mail.stop_channel(trouble.reply, now=now, probe_after=after)
