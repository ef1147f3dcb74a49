"""A batch over one connection: what breaks on the way, and what is kept of it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine

from crm.database import db, transaction, utcnow
from crm.domain import mail
from crm.models import Message, MessageState, Notification
from tests.cast import Cast
from tests.domain.waiting import put
from tests.services.post import Post
from tests.services.stops import Step
from tests.workers.conftest import fresh
from workers.mail import drain

WAITING, SENT, FAILED = MessageState.WAITING, MessageState.SENT, MessageState.FAILED


def test_a_lost_connection_is_made_once_more_while_nothing_was_sent(
    post: Post, bad: Message, good: Message
) -> None:
    told = iter([None, None, None, None, None, "", None])
    post.mood = lambda step, _: (
        next(told, None) if step in (Step.MAIL, Step.RCPT, Step.DATA, Step.DOT) else None
    )
    assert drain() == 2
    assert set(post.delivered.values()) == {1}


@pytest.mark.parametrize("step", [Step.DATA, Step.BODY])
def test_lost_before_the_dot_a_letter_is_surely_unsent(
    post: Post, bad: Message, good: Message, step: Step
) -> None:
    if step is Step.DATA:
        post.answers[f"DATA {bad.to}"] = ""
    else:
        _fatten(bad)
        post.stop_at(Step.BODY, bad.to)
        _cut_when_reached(post)
    assert drain() == 1
    assert (fresh(bad).state, bad.attempts) == (WAITING, 1)
    assert fresh(good).state is SENT


def test_a_letter_in_doubt_to_a_contact_is_told_in_the_bell(
    post: Post, bad: Message, good: Message, cast: Cast
) -> None:
    post.answers[f"dot {bad.to}"] = ""
    assert drain() == 1
    assert fresh(bad).state is MessageState.UNCERTAIN
    (news,) = db.session.query(Notification)
    assert (news.user_id, news.path) == (cast.alice.id, f"/mail/{bad.id}")
    assert news.title == "Did your letter to bad@example.com arrive?"


def test_a_refused_letter_to_a_contact_is_told_in_the_bell(post: Post, bad: Message) -> None:
    post.answers[Step.RCPT] = "550 5.1.1 no such mailbox"
    drain()
    (news,) = db.session.query(Notification)
    assert (news.title, news.text) == (
        "Your letter to bad@example.com was refused",
        "550 5.1.1 no such mailbox",
    )


def test_the_servers_last_word_is_kept(post: Post, good: Message) -> None:
    drain()
    assert (mail.channel().said, mail.channel().stopped_at) == ("250 taken", None)


def test_a_worker_that_sleeps_past_its_lease_stops_before_the_letter(post: Post, bad: Message) -> None:
    stop, nap = post.stop_at(Step.DATA), time_machine.travel(utcnow() + timedelta(hours=1))

    def sleep() -> None:
        stop.wait()
        nap.start()
        stop.go_on()

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    try:
        drain()
    finally:
        sleeper.join()
        nap.stop()
    assert (post.heard["DATA"], post.torn) == (2, 1), "it was begun, given up, and begun anew under a claim"
    assert post.delivered[bad.message_id] == 1
    assert (fresh(bad).state, bad.attempts) == (SENT, 1)


@pytest.mark.parametrize("at", ["RCPT", "dot"])
@pytest.mark.parametrize(
    ("answer", "verdict"), [(None, SENT), ("550 no such mailbox", FAILED), ("450 later", WAITING)]
)
def test_a_server_that_takes_several_commands_at_once_gets_them_so(
    post: Post, bad: Message, good: Message, at: str, answer: str | None, verdict: MessageState
) -> None:
    if answer:
        post.answers[f"{at} {bad.to}"] = answer
    assert drain() == (1 if answer else 2)
    assert post.heard["EHLO"] == 1
    assert (fresh(bad).state, fresh(good).state) == (verdict, SENT)


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_one_task_sends_batch_after_batch_each_over_one_connection(post: Post, cast: Cast) -> None:
    for number in range(120):
        put(cast, utcnow(), f"letter {number}")
    assert drain() == 120
    assert set(post.delivered.values()) == {1}
    assert post.heard["EHLO"] == 2


def _fatten(message: Message) -> None:
    """Larger than all that sockets keep."""
    with transaction():
        assert message.body is not None
        message.body.raw = (message.raw or b"") + (b"x" * 76 + b"\r\n") * 100_000


def _cut_when_reached(post: Post) -> None:
    stop = post.stops[0]

    def cut() -> None:
        stop.wait()
        stop.cut()

    threading.Thread(target=cut, daemon=True).start()
