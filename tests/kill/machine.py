"""The life of letters as a game of chance: workers claim, send, sleep and die in any order, users act.

The verbs of the mail room are played against a mail server that is a mere count of what it took.
"""

from __future__ import annotations

from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crm.database import db, straight, transaction
from crm.domain import mail
from crm.domain.mail import Claimed
from crm.models import Message, MessageState
from tests.cast import Cast
from tests.domain.waiting import put
from tests.kill.game import GRACE, IDLE, MINUTE, Game
from tests.kill.hands import Hand, Question, is_at_its_end, is_busy, is_idle, is_plain, is_ready, is_sending
from tests.kill.scene import HELD, UNSETTLED, Outcome

numbers = st.integers(0, 2)
ends = st.sampled_from(["taken", "busy", "refused", "lost", "unheard"])


class Letters(Game):
    """The rules of the game."""

    @precondition(lambda self: self.put < 6)
    @rule(to_contact=st.booleans(), minutes=st.sampled_from([5, 60, 600, 6000]))
    def write(self, to_contact: bool, minutes: int) -> None:
        """A letter is queued, of use for a while."""
        self.put += 1
        more = {"to_contact": to_contact, "not_after": self.now + minutes * MINUTE}
        put(self.cast, self.now, f"letter {self.put}", **more)

    @initialize()
    def begin_with_some(self) -> None:
        """Without letters there is no game."""
        for to_contact in (True, False, True):
            self.write(to_contact, 600)
        self.now += MINUTE

    @rule(minutes=st.sampled_from([0.2, 0.5, 1, 1, 3, 5, 15, 120]))
    def wait(self, minutes: float) -> None:
        """Time passes."""
        self.now += minutes * MINUTE

    @precondition(lambda self: self._with(is_idle) and mail.is_due(now=self.now))
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
        ours = self._step(hand.taken, letter) if is_plain(letter, hand.taken) else self._steps(hand, letter)
        hand.taken = None
        assert not ours or self.now < hand.until, "a stale worker must stop before DATA"
        if ours:
            hand.on_its_way, hand.since = letter, self.now

    def _step(self, taken: Claimed | None, letter: Claimed) -> bool:
        """In one statement, as for letters to the user."""
        with straight() as line:
            before = (taken, "250 taken") if taken else None
            return mail.step(line, before, letter, journal=self.journal, now=self.now)

    def _steps(self, hand: Hand, letter: Claimed) -> bool:
        """In one unit of work, as for letters to contacts, which leave more behind."""
        with transaction():
            if hand.taken:
                mail.sent(hand.taken, "250 taken", now=self.now)
            return mail.transmitting(letter, now=self.now, journal=self.journal)

    @precondition(lambda self: self._with(is_sending))
    @rule(number=numbers, end=ends)
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

    @rule(number=numbers, end=ends)
    def carry(self, number: int, end: str) -> None:
        """All the way of a letter at once, as it mostly goes; steps taken alone seldom lead so far."""
        if self._with(is_idle) and mail.is_due(now=self.now):
            self.claim(number)
        if self._with(is_ready):
            self.begin(number)
        if self._with(is_sending):
            self.deliver(number, end)

    @rule()
    def oversleep(self) -> None:
        """Every lease runs out, and others take over what is free, while the sleepers still hold theirs."""
        self.now += mail.LEASE + MINUTE
        self.recover()
        if self._with(is_idle) and mail.is_due(now=self.now):
            self.claim(0)

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
    @rule(number=numbers, kept=st.booleans(), rarely=st.integers(0, 2))
    def die(self, number: int, kept: bool, rarely: int) -> None:
        """A worker is killed; what was on its way the server may have, or may not."""
        if rarely < 2:
            return
        hand = self._hand(number, is_busy)
        self.hands[hand.number] = Hand(hand.number)
        if hand.on_its_way and kept and self.now - hand.since < IDLE:
            self.delivered[hand.on_its_way.id] += 1

    @precondition(lambda self: self._any(*HELD))
    @rule()
    def recover(self) -> None:
        """Leases that ran out are taken back."""
        with transaction():
            mail.recover(now=self.now)

    @precondition(lambda self: self._any(MessageState.DOUBTFUL))
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

    @rule(index=st.integers(0, 5), arrived=st.booleans(), rarely=st.integers(0, 7))
    def decide(self, index: int, arrived: bool, rarely: int) -> None:
        """The user takes a waiting letter back, or says what became of an uncertain one."""
        with transaction():
            messages = db.session.query(Message).order_by(Message.id).all()
            message = messages[index] if index < len(messages) else None
            if message is None:
                return
            if message.state is MessageState.WAITING and rarely == 7 and not self.repeated[message.id]:
                mail.withdraw(message, "taken back")
            elif message.state is MessageState.UNCERTAIN and arrived:
                mail.arrived(message, now=self.now)
                self.repeated[message.id] += 1
            elif (
                message.state is MessageState.UNCERTAIN and message.not_after and self.now < message.not_after
            ):
                mail.send_again(message, now=self.now)
                self.repeated[message.id] += 1

    def teardown(self) -> None:
        """All workers die: two sweeps after the last use of a letter (and its grace) each has its end."""
        self.hands, self.questions = [], []
        ends = [message.not_after for message in self._look() if message.not_after]
        self.now = max([self.now, *ends]) + mail.LEASE + MINUTE
        self._sweep()
        self.now += GRACE + 2 * MINUTE
        self._sweep()
        self.all_is_well()
        left = [message.state for message in self.letters if message.state in UNSETTLED]
        assert not left, left

    def _sweep(self) -> None:
        self.recover()
        self.ask()
        while self.questions:
            self.hear(answered=True)
        with transaction():
            assert mail.claim(now=self.now) == []


def play(cast: Cast, games: settings, *, journal: bool, chosen: int | None = None) -> list[Outcome]:
    """Play so many games, those of a number where one is given; what became of their letters.

    The first game that breaks a rule fails.
    """
    played: list[Letters] = []

    def begin() -> Letters:
        played.append(Letters(cast, journal=journal))
        return played[-1]

    table = begin if chosen is None else seed(chosen)(begin)
    run_state_machine_as_test(table, settings=games)  # type: ignore[arg-type]  # any callable will do
    return [outcome for game in played for outcome in game.outcomes()]
