"""The table that the game of chance is played on: workers, letters, one clock, and what must always hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import Row, delete, select

from crm.database import db, transaction
from crm.models import Activity, MailChannel, Message, MessageBody, MessageState, Notification
from tests.cast import Cast
from tests.conftest import NOW
from tests.kill.hands import Hand, Question
from tests.kill.scene import Outcome
from tests.services.post import JOURNAL

MINUTE = timedelta(minutes=1)
GRACE = 10 * MINUTE
#: The server gives up a session in which nothing was said for so long; the grace has to be longer.
IDLE = 9 * MINUTE
UNSENT = (MessageState.WAITING, MessageState.SENDING, MessageState.EXPIRED, MessageState.CANCELLED)

#: What the rules are about, read in one statement a step.
FACTS = select(Message.id, Message.to, Message.to_contact, Message.state, Message.not_after).order_by(
    Message.id
)


class Game(RuleBasedStateMachine):
    """Three workers, a few letters, one clock."""

    def __init__(self, cast: Cast, *, journal: bool) -> None:
        super().__init__()
        self.cast, self.journal, self.now = cast, JOURNAL if journal else "", NOW
        self.hands = [Hand(number) for number in range(3)]
        self.questions: list[Question] = []
        self.delivered: Counter[int] = Counter()
        self.repeated: Counter[int] = Counter()
        self.put = 0
        self.letters: list[Row[Any]] = []
        with transaction():
            for model in (MessageBody, Message, Notification, Activity, MailChannel):
                db.session.execute(delete(model))

    @invariant()
    def all_is_well(self) -> None:
        """Look at every letter once a step: it costs the most time."""
        self.letters = self._look()
        self._nobody_gets_two()
        self._what_is_said_is_true()

    def _nobody_gets_two(self) -> None:
        """To a contact never, and with a journal to nobody, but where the user wanted it."""
        for message in self.letters:
            if message.to_contact or self.journal:
                times, allowed = self.delivered[message.id], 1 + self.repeated[message.id]
                assert times <= allowed, f"{message.id} was delivered {times} times"

    def _what_is_said_is_true(self) -> None:
        """Sent means delivered; what waits or fell away was not."""
        for message in self.letters:
            if self.repeated[message.id]:
                continue
            if message.state is MessageState.SENT:
                assert self.delivered[message.id], f"{message.id} never left"
            elif message.state in UNSENT and (message.to_contact or self.journal):
                assert not self.delivered[message.id], f"{message.id} is {message.state}, and was delivered"

    def _with(self, is_fit: Callable[[Hand], bool]) -> list[Hand]:
        return [hand for hand in self.hands if is_fit(hand)]

    def _hand(self, number: int, is_fit: Callable[[Hand], bool]) -> Hand:
        """One of those that are fit for it."""
        fit = self._with(is_fit)
        return fit[number % len(fit)]

    def _any(self, *states: MessageState) -> bool:
        """Whether a letter was in one of these states after the last step."""
        return any(message.state in states for message in self.letters)

    def _look(self) -> list[Row[Any]]:
        db.session.rollback()
        return list(db.session.execute(FACTS))

    def outcomes(self) -> list[Outcome]:
        """Every letter; what the user had sent again by hand counts for the first time alone."""
        return [
            Outcome(
                to=message.to,
                to_contact=message.to_contact,
                state=message.state,
                delivered=min(self.delivered[message.id], 1)
                if self.repeated[message.id]
                else self.delivered[message.id],
            )
            for message in self.letters
        ]
