"""The life of letters as a game of chance: workers claim, send, sleep and die in any order, users act.

The mail server is a mere count of what it took.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from crm.database import db, transaction
from crm.domain import mail
from crm.models import Activity, MailChannel, Message, MessageState, Notification
from tests.cast import Cast
from tests.conftest import NOW
from tests.domain.waiting import put
from tests.kill.hands import Hand, Question, is_at_its_end, is_busy, is_idle, is_ready, is_sending
from tests.kill.scene import HELD, UNSETTLED
from tests.services.post import JOURNAL

MINUTE = timedelta(minutes=1)
GRACE = 10 * MINUTE
#: The server gives up a session in which nothing was said for so long; the grace has to be longer.
IDLE = 9 * MINUTE
UNSENT = (MessageState.WAITING, MessageState.SENDING, MessageState.EXPIRED, MessageState.CANCELLED)

numbers = st.integers(0, 2)


class Letters(RuleBasedStateMachine):
    """Three workers, a few letters, one clock."""

    def __init__(self, cast: Cast, *, journal: bool) -> None:
        super().__init__()
        self.cast, self.journal, self.now = cast, JOURNAL if journal else "", NOW
        self.hands = [Hand(number) for number in range(3)]
        self.questions: list[Question] = []
        self.delivered: Counter[int] = Counter()
        self.repeated: Counter[int] = Counter()
        self.put = 0
        with transaction():
            for model in (Message, Notification, Activity, MailChannel):
                db.session.execute(delete(model))
        self.seen: list[Any] = []
        for to_contact in (True, False, True):
            self.write(to_contact, 60)
        self.now += MINUTE

    @precondition(lambda self: self.put < 6)
    @rule(to_contact=st.booleans(), minutes=st.sampled_from([5, 60, 600]))
    def write(self, to_contact: bool, minutes: int) -> None:
        """A letter is queued, of use for a while."""
        self.put += 1
        more = {"to_contact": to_contact, "not_after": self.now + minutes * MINUTE}
        put(self.cast, self.now, f"letter {self.put}", **more)

    @rule(minutes=st.sampled_from([0.2, 1, 3, 5, 15, 120]))
    def wait(self, minutes: float) -> None:
        """Time passes."""
        self.now += minutes * MINUTE

    @precondition(lambda self: self._with(is_idle) and self._is_due())
    @rule(number=numbers)
    def claim(self, number: int) -> None:
        """A worker that has nothing takes letters."""
        hand = self._hand(number, is_idle)
        with transaction():
            hand.letters = mail.claim(now=self.now, limit=2)
        hand.until = self.now + mail.LEASE

    @precondition(lambda self: self._with(is_ready))
    @rule(number=numbers)
    def begin(self, number: int) -> None:
        """The step before DATA, in one commit with the `sent` of the letter before."""
        hand = self._hand(number, is_ready)
        letter = hand.letters.pop(0)
        with transaction():
            if hand.taken:
                mail.sent(hand.taken, "250 taken", now=self.now)
            ours = mail.transmitting(letter, now=self.now, journal=self.journal)
        hand.taken = None
        assert not ours or self.now < hand.until, "a stale worker must stop before DATA"
        if ours:
            hand.on_its_way, hand.since = letter, self.now

    @precondition(lambda self: self._with(is_sending))
    @rule(number=numbers, end=st.sampled_from(["taken", "busy", "refused", "lost", "unheard"]))
    def deliver(self, number: int, end: str) -> None:
        """The letter goes to the server, which takes it, refuses it, or is not heard."""
        hand = self._hand(number, is_sending)
        letter, hand.on_its_way = hand.on_its_way, None
        assert letter is not None
        if self.now - hand.since >= IDLE:
            end = "lost"
        if end in ("taken", "unheard"):
            self.delivered[letter.id] += 1
        if end == "taken":
            hand.taken = letter
            return
        with transaction():
            if end == "busy":
                mail.put_back(letter, "451 later", now=self.now, jitter=0.5)
            elif end == "refused":
                mail.failed(letter, "554 no", now=self.now, bad_address=False)
            else:
                mail.uncertain(letter, "the connection was lost", now=self.now)

    @precondition(lambda self: self._with(is_at_its_end))
    @rule(number=numbers)
    def note(self, number: int) -> None:
        """A worker writes down what the server took, and gives back what it didn't try."""
        hand = self._hand(number, is_at_its_end)
        with transaction():
            if hand.taken:
                mail.sent(hand.taken, "250 taken", now=self.now)
            for letter in hand.letters:
                mail.set_aside(letter, None, until=self.now)
        self.hands[hand.number] = Hand(hand.number)

    @precondition(lambda self: self._with(is_busy))
    @rule(number=numbers, kept=st.booleans())
    def die(self, number: int, kept: bool) -> None:
        """A worker is killed; what was on its way the server may have, or may not."""
        hand = self._hand(number, is_busy)
        self.hands[hand.number] = Hand(hand.number)
        if hand.on_its_way and kept and self.now - hand.since < IDLE:
            self.delivered[hand.on_its_way.id] += 1

    @precondition(lambda self: any(each.state in HELD for each in self.seen))
    @rule()
    def recover(self) -> None:
        """Leases that ran out are taken back."""
        with transaction():
            mail.recover(now=self.now)

    @precondition(lambda self: any(each.state is MessageState.DOUBTFUL for each in self.seen))
    @rule()
    def ask(self) -> None:
        """A worker asks the journal, which answers at once."""
        with transaction():
            doubts = mail.doubts(now=self.now)
        if doubts:
            found = [self.delivered[doubt.id] > 0 for doubt in doubts]
            self.questions.append(Question(doubts, found, self.now))

    @precondition(lambda self: self.questions)
    @rule(answered=st.booleans())
    def hear(self, answered: bool) -> None:
        """The answer is written down, maybe much later; or there was none."""
        question = self.questions.pop(0)
        with transaction():
            if answered:
                mail.settle(question.doubts, question.found, grace=GRACE, asked_at=question.at)
            else:
                mail.unread(question.doubts, "no answer", now=self.now)

    @rule(index=st.integers(0, 5), arrived=st.booleans())
    def decide(self, index: int, arrived: bool) -> None:
        """The user takes a waiting letter back, or says what became of an uncertain one."""
        if index >= len(self.seen):
            return
        with transaction():
            message = db.session.get_one(Message, self.seen[index].id)
            if message.state is MessageState.WAITING and not self.repeated[message.id]:
                mail.withdraw(message, "taken back")
            elif message.state is MessageState.UNCERTAIN:
                self._resolve(message, arrived=arrived)

    def _resolve(self, message: Message, *, arrived: bool) -> None:
        if arrived:
            mail.arrived(message, now=self.now)
        elif message.not_after and self.now < message.not_after:
            mail.send_again(message, now=self.now)
        self.repeated[message.id] += 1

    @invariant()
    def all_is_well(self) -> None:
        """Nobody gets two, and what is said is true."""
        self._look()
        for letter in self.seen:
            times, asked_for = self.delivered[letter.id], self.repeated[letter.id]
            if letter.to_contact or self.journal:
                # To a contact never two, and with a journal to nobody, but where the user wanted it.
                assert times <= 1 + asked_for, f"{letter.id} was delivered {times} times"
                is_true = letter.state not in UNSENT or not times
                assert is_true or asked_for, f"{letter.id} is {letter.state}, and was delivered"
            if letter.state is MessageState.SENT:
                assert times or asked_for, f"{letter.id} never left"

    def teardown(self) -> None:
        """All workers die: two sweeps after the last use of a letter (and its grace) each has its end."""
        self.hands, self.questions = [], []
        self._look()
        ends = [letter.not_after for letter in self.seen]
        self.now = max([self.now, *ends]) + mail.LEASE + MINUTE
        self._sweep()
        self.now += GRACE + 2 * MINUTE
        self._sweep()
        self.all_is_well()
        left = [letter.state for letter in self.seen if letter.state in UNSETTLED]
        assert not left, left

    def _sweep(self) -> None:
        self.recover()
        self.ask()
        while self.questions:
            self.hear(answered=True)
        with transaction():
            assert mail.claim(now=self.now) == []

    def _with(self, is_fit: Callable[[Hand], bool]) -> list[Hand]:
        return [hand for hand in self.hands if is_fit(hand)]

    def _hand(self, number: int, is_fit: Callable[[Hand], bool]) -> Hand:
        """One of those that are fit for it."""
        fit = self._with(is_fit)
        return fit[number % len(fit)]

    def _is_due(self) -> bool:
        waiting = [letter for letter in self.seen if letter.state is MessageState.WAITING]
        return any(letter.next_try_at <= self.now for letter in waiting)

    def _look(self) -> None:
        """See the rows as they are now, without the letters in them."""
        facts = (Message.id, Message.state, Message.to_contact, Message.not_after, Message.next_try_at)
        self.seen = list(db.session.execute(select(*facts).order_by(Message.id)))
        db.session.rollback()


def play(cast: Cast, games: settings, *, journal: bool, chance: Random | None = None) -> None:
    """Play so many games, others for other chances; the first that breaks a rule fails."""

    def begin() -> Letters:
        return Letters(cast, journal=journal)

    played: Any = seed(chance.getrandbits(64))(begin) if chance else begin
    run_state_machine_as_test(played, settings=games)
