"""The machine's clock jumps an hour ahead or back while letters are under lease: nothing leaves twice."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from crm.database import db, transaction
from crm.domain import interviews, mail
from crm.domain.mail import Claimed
from crm.models import Kind, Message, MessageState
from tests.cast import Cast
from tests.domain import play
from tests.domain.play import HOUR, MINUTE, local, one
from tests.domain.waiting import SECOND, claim, put, state, under_way

BACK, AHEAD = -HOUR, HOUR
FINAL = {"sent", "uncertain", "expired", "cancelled", "failed"}


def recover(now: datetime) -> int:
    with transaction():
        return mail.recover(now=now)


def begin(letter: Claimed, now: datetime) -> bool:
    with transaction():
        return mail.transmitting(letter, now=now)


def take(letter: Claimed, now: datetime) -> None:
    with transaction():
        mail.sent(letter, "250 taken", now=now)


@pytest.mark.parametrize("jump", [BACK, AHEAD])
def test_between_claim_and_data_the_letter_leaves_once(cast: Cast, now: datetime, jump: timedelta) -> None:
    message = put(cast, now)
    (first,) = claim(now)
    later = now + jump
    recover(later)
    others = claim(later)
    assert [begin(letter, later) for letter in (first, *others)].count(True) == 1
    for letter in (first, *others):
        take(letter, later)
    assert state(message) == "sent"
    assert claim(later + HOUR) == claim(later + 3 * HOUR) == []


@pytest.mark.parametrize("jump", [BACK, AHEAD])
def test_between_data_and_its_answer_the_servers_word_is_believed(
    cast: Cast, now: datetime, jump: timedelta
) -> None:
    message = put(cast, now)
    letter = under_way(now)
    recover(now + jump)
    take(letter, now + jump)
    assert state(message) == "sent"
    assert recover(now + 3 * HOUR) == 0
    assert claim(now + 3 * HOUR) == []


@pytest.mark.parametrize("jump", [BACK, AHEAD])
def test_a_letter_to_a_contact_never_leaves_twice(cast: Cast, now: datetime, jump: timedelta) -> None:
    message = put(cast, now, to_contact=True)
    letter = under_way(now + 10 * SECOND)
    recover(now + jump)
    assert claim(now + jump) == []
    take(letter, now + jump)
    assert state(message) == "sent"


def test_after_a_jump_back_nobody_else_gets_what_is_under_lease(cast: Cast, now: datetime) -> None:
    put(cast, now)
    (letter,) = claim(now)
    assert recover(now + BACK) == 0
    assert claim(now + BACK) == []
    assert begin(letter, now + BACK)


def test_after_a_jump_back_a_lease_that_nobody_ends_ends_by_itself(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    claim(now)
    assert recover(now + mail.LEASE + SECOND) == 1
    assert state(message) == "waiting"


def test_after_a_jump_back_no_step_of_a_promise_is_written_again(cast: Cast) -> None:
    end = local("2026-03-12 12:00")
    with transaction():
        talk = play.plan(cast, end - HOUR, end - HOUR, invite=False)
        interviews.complete(talk, by=cast.alice, now=end, ended_at=end)
    counts = []
    for at in (end, end + BACK, end + 4 * HOUR, end + 3 * HOUR, end + 4 * HOUR, end + 20 * HOUR):
        with transaction():
            counts.append(len(play.write(at)))
    assert counts == [1, 0, 1, 0, 0, 1]


def test_after_a_jump_ahead_and_back_a_step_comes_early_and_once(cast: Cast) -> None:
    due = local("2026-03-13 08:00")
    counts = []
    for at in (due - MINUTE, due - MINUTE + AHEAD, due - MINUTE, due, due + HOUR):
        with transaction():
            counts.append(len(play.write(at)))
    assert counts == [0, 1, 0, 0, 0]
    with transaction():
        assert one(cast.ada, Kind.ASK).state.value == "sent"


class Post:
    """Two workers, a clock that jumps, and a count of what the mail server got."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now = now
        self.chance = random.Random(seed)
        self.hands: list[tuple[str, Claimed] | None] = [None, None]
        self.delivered: Counter[int] = Counter()
        self.doubted: Counter[int] = Counter()

    def step(self) -> None:
        """Anything may happen next."""
        self.chance.choice([self._jump, self._sweep, *[self._work] * 6])()

    def settle(self) -> None:
        """From here on the clock goes as it should, and nobody dies."""
        for _ in range(12):
            for worker in (0, 1, 0, 1, 0, 1):
                self._do(worker)
            self.now += 30 * MINUTE
            self._sweep()

    def _jump(self) -> None:
        self.now += self.chance.choice([BACK, AHEAD, MINUTE, 5 * MINUTE])

    def _sweep(self) -> None:
        doubtful = [m.id for m in db.session.query(Message) if m.state is MessageState.TRANSMITTING]
        before = {message_id: db.session.get_one(Message, message_id).fence for message_id in doubtful}
        recover(self.now)
        for message_id, fence in before.items():
            self.doubted[message_id] += db.session.get_one(Message, message_id).fence - fence

    def _work(self) -> None:
        worker = self.chance.randrange(2)
        if self.chance.random() < 0.1:
            self.hands[worker] = None  # Killed.
        self._do(worker)

    def _do(self, worker: int) -> None:
        self.now += SECOND
        hand = self.hands[worker]
        if hand is None:
            with transaction():
                found = mail.claim(now=self.now, limit=1)
            self.hands[worker] = ("claimed", found[0]) if found else None
        elif hand[0] == "claimed":
            is_ours = begin(hand[1], self.now)
            self.hands[worker] = ("begun", hand[1]) if is_ours else None
        elif hand[0] == "begun":
            self.delivered[hand[1].id] += 1
            self.hands[worker] = ("taken", hand[1])
        else:
            take(hand[1], self.now)
            self.hands[worker] = None


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_clock_does_no_letter_leaves_twice_without_a_doubt(
    cast: Cast, now: datetime, seed: int
) -> None:
    mine = [put(cast, now, f"mine {number}") for number in range(3)]
    theirs = [put(cast, now - MINUTE, f"theirs {number}", to_contact=True) for number in range(3)]
    post = Post(now, seed)
    for _ in range(80):
        post.step()
    post.settle()
    assert {state(message) for message in (*mine, *theirs)} <= FINAL
    assert all(post.delivered[message.id] <= 1 for message in theirs)
    assert all(post.delivered[message.id] <= 1 + post.doubted[message.id] for message in mine)
    assert all(post.delivered[message.id] >= 1 for message in mine)
