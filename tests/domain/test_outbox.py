"""What "sent" means: claims, leases, doubts, and what becomes of each letter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask

from crm.database import db, straight, transaction
from crm.domain import mail
from crm.domain.mail.claiming import LEASE
from crm.domain.mail.outbox import GIVE_UP
from crm.domain.mail.sending import BACK_OFF
from crm.models import MessageState
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, MINUTE
from tests.domain.waiting import SECOND, claim, put, state, under_way


def test_a_letter_is_written_once_for_each_key(cast: Cast, now: datetime) -> None:
    assert put(cast, now).id == put(cast, now + DAY).id


def test_a_letter_is_finished_when_it_is_put(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    assert message.raw is not None
    assert message.message_id.encode() in message.raw
    assert message.message_id.endswith("@fika.example.org>")
    assert (message.to, message.sender) == ("alice@example.org", "crm@fika.example.org")


def test_taken_the_letter_is_sent(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    letter = under_way(now)
    assert state(message) == "transmitting"
    assert mail.shown_state(message) is MessageState.SENDING
    with transaction():
        mail.sent(letter, "250 taken", now=now)
    assert (state(message), message.server_reply, message.attempts) == ("sent", "250 taken", 1)
    assert claim(now + DAY) == []


def test_a_claim_takes_the_oldest_first_and_nobody_elses(cast: Cast, now: datetime) -> None:
    second, first = put(cast, now + MINUTE, "second"), put(cast, now, "first")
    assert [letter.id for letter in claim(now + HOUR)] == [first.id, second.id]
    assert claim(now + HOUR) == []


def test_many_workers_claim_each_letter_once(cast: Cast, core: Flask, now: datetime) -> None:
    for number in range(20):
        put(cast, now, f"letter {number}")

    def work(_: int) -> list[int]:
        with core.app_context(), transaction():
            return [letter.id for letter in mail.claim(now=now, limit=5)]

    with ThreadPoolExecutor(4) as workers:
        claimed = [number for found in workers.map(work, range(8)) for number in found]
    assert len(claimed) == len(set(claimed))


def test_a_worker_that_slept_past_its_lease_stops_before_data(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    (slept,) = claim(now)
    later = now + LEASE + SECOND
    with transaction():
        assert mail.recover(now=later) == 1
    (awake,) = claim(later)
    with transaction():
        assert not mail.transmitting(slept, now=later)
        assert mail.transmitting(awake, now=later)
        mail.sent(slept, "250 twice", now=later)
    assert state(message) == "transmitting"


def test_even_before_anybody_swept_a_lease_that_ran_out_is_lost(cast: Cast, now: datetime) -> None:
    put(cast, now)
    (letter,) = claim(now)
    with transaction():
        assert not mail.transmitting(letter, now=now + LEASE)


def test_a_crash_before_data_sends_the_letter_again(cast: Cast, now: datetime) -> None:
    message = put(cast, now, to_contact=True)
    claim(now + 10 * SECOND)
    with transaction():
        mail.recover(now=now + HOUR)
    assert (state(message), message.attempts) == ("waiting", 0)


def test_a_crash_after_data_sends_a_users_letter_again_under_the_same_id(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    before = under_way(now).raw
    with transaction():
        mail.recover(now=now + HOUR)
    (again,) = claim(now + HOUR)
    assert again.raw == before
    assert state(message) == "sending"


def test_a_crash_after_data_never_sends_a_contacts_letter_again(cast: Cast, now: datetime) -> None:
    message = put(cast, now, to_contact=True)
    under_way(now + 10 * SECOND)
    with transaction():
        mail.recover(now=now + HOUR)
    assert state(message) == "uncertain"
    assert claim(now + DAY) == []


def test_a_server_that_never_answers_gets_a_users_letter_ever_more_rarely(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    waits = []
    for _ in range(4):
        letter = under_way(now)
        with transaction():
            mail.uncertain(letter, "No answer.", now=now)
        db.session.refresh(message)
        assert message.next_try_at is not None
        waits.append(message.next_try_at - now)
        now = message.next_try_at
    assert waits == [timedelta(0), *(minutes * MINUTE for minutes in BACK_OFF[1:])]


def test_a_busy_server_is_asked_later_and_later(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    waits = []
    for _ in range(5):
        letter = under_way(now)
        with transaction():
            mail.put_back(letter, "451 later", now=now, jitter=0)
        db.session.refresh(message)
        assert message.next_try_at is not None
        waits.append((message.next_try_at - now) / MINUTE)
        now = message.next_try_at
    assert waits == [1, 5, 15, 60, 60]
    assert (message.attempts, message.server_reply) == (5, "451 later")


def test_jitter_spreads_the_attempts(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    letter = under_way(now)
    with transaction():
        mail.put_back(letter, "451 later", now=now, jitter=1)
    db.session.refresh(message)
    assert message.next_try_at == now + 75 * SECOND


def test_a_channel_that_is_down_costs_no_letter_an_attempt(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    (letter,) = claim(now)
    with transaction():
        mail.set_aside(letter, None, until=now)
    assert (state(message), message.attempts, message.next_try_at) == ("waiting", 0, now)


def test_a_letter_that_is_of_no_more_use_expires(cast: Cast, now: datetime) -> None:
    message = put(cast, now, not_after=now + HOUR)
    assert claim(now + HOUR) == []
    assert (state(message), message.server_reply) == ("expired", "This letter was of no more use by now.")


def test_while_it_is_of_use_a_letter_waits_however_long_the_server_is_away(cast: Cast, now: datetime) -> None:
    put(cast, now, not_after=now + 7 * DAY)
    assert len(claim(now + 6 * DAY)) == 1


def test_without_an_end_a_letter_is_given_up_after_days(cast: Cast, now: datetime) -> None:
    message = put(cast, now)
    assert claim(now + GIVE_UP) == []
    assert state(message) == "expired"


def test_those_go_first_that_are_of_use_for_the_shortest_time(cast: Cast, now: datetime) -> None:
    week, hour, day = (put(cast, now, str(span), not_after=now + span) for span in (7 * DAY, HOUR, DAY))
    assert [letter.id for letter in claim(now)] == [hour.id, day.id, week.id]


def test_a_sleeper_with_the_servers_word_in_hand_is_believed(cast: Cast, now: datetime) -> None:
    message = put(cast, now, to_contact=True)
    letter = under_way(now + 10 * SECOND)
    with transaction():
        mail.recover(now=now + HOUR)
    assert state(message) == "uncertain"
    with transaction():
        mail.sent(letter, "250 taken", now=now + HOUR)
    assert (state(message), message.server_reply) == ("sent", "250 taken")


@pytest.mark.parametrize("taken_over", [False, True])
def test_one_statement_takes_the_step_from_letter_to_letter(
    cast: Cast, now: datetime, taken_over: bool
) -> None:
    first, second = put(cast, now, "first"), put(cast, now, "second")
    one, two = claim(now)
    with straight() as line:
        assert mail.step(line, None, one, journal="", now=now)
        if taken_over:
            with transaction():
                second.fence += 1
        is_ours = mail.step(line, (one, "250 taken"), two, journal="journal@fika.example", now=now)
    assert is_ours is not taken_over
    assert (state(first), first.server_reply, first.attempts, first.sent_at) == ("sent", "250 taken", 1, now)
    if is_ours:
        assert (state(second), second.journal) == ("transmitting", "journal@fika.example")
        assert second.lease_until == now + LEASE
    else:
        assert (state(second), second.journal) == ("sending", "")


def test_the_step_is_believed_as_long_as_the_word_for_each_of_its_halves(cast: Cast, now: datetime) -> None:
    message, other = put(cast, now, "one"), put(cast, now, "other")
    one, two = claim(now)
    with transaction():
        mail.transmitting(one, now=now)
    with transaction():
        mail.recover(now=now + HOUR)
    (again,) = [letter for letter in claim(now + HOUR) if letter.id == one.id]
    with straight() as line:
        assert not mail.step(line, (one, "250 late"), two, journal="", now=now + HOUR)
    assert (state(message), again.fence) == ("sending", one.fence + 2)
    assert state(other) == "sending"


def test_a_letter_that_waits_past_its_use_ends_when_that_is_over(cast: Cast, now: datetime) -> None:
    message = put(cast, now, not_after=now + 3 * MINUTE)
    for minutes in (0, 1, 2):
        for letter in claim(now + minutes * MINUTE):
            with transaction():
                mail.put_back(letter, "451 later", now=now + minutes * MINUTE, jitter=0.5)
    assert claim(now + 3 * MINUTE) == []
    assert state(message) == "expired"
