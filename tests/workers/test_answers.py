"""What a server's answers mean, each given by a real mail server in the middle of a batch of two."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from crm.database import db, transaction, utcnow
from crm.domain import mail
from crm.models import BadAddress, Message, MessageState, Notification
from tests.cast import Cast
from tests.services.post import Post
from tests.services.stops import Step
from tests.workers.conftest import fresh
from workers.mail import drain

Invite = Callable[..., Message]
WAITING, SENT, FAILED = MessageState.WAITING, MessageState.SENT, MessageState.FAILED
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def post_of_module() -> Iterator[Post]:
    post = Post()
    yield post
    post.stop()


@pytest.fixture
def post(core: Flask, post_of_module: Post) -> Iterator[Post]:
    """A mail server in the settings, without a journal."""
    post_of_module.forget()
    before = core.config["SETTINGS"]
    core.config["SETTINGS"] = replace(before, smtp_url=post_of_module.url, mail_from="crm@fika.example")
    yield post_of_module
    core.config["SETTINGS"] = before


@pytest.fixture
def bad(invite: Invite) -> Message:
    return invite("Bad", "bad@example.com")


@pytest.fixture
def good(invite: Invite, bad: Message) -> Message:
    return invite("Good", "good@example.com")


at_each_step = pytest.mark.parametrize("step", [Step.RCPT, Step.DATA, Step.DOT])


@at_each_step
@pytest.mark.parametrize(
    ("answer", "minutes"),
    [
        ("450 4.2.0 greylisted", 5),
        ("451 4.7.1 come again", 5),
        ("452 4.3.1 no room", 1),
        ("432 4.7.12 whatever that is", 1),
        ("552 5.2.2 mailbox full", 1),
        ("552 mailbox full", 1),
    ],
)
def test_what_passes_is_tried_again_and_holds_up_nobody(
    post: Post, bad: Message, good: Message, step: Step, answer: str, minutes: int
) -> None:
    post.answers[f"{step} {bad.to}"] = answer
    assert drain() == 1
    assert (fresh(bad).state, bad.attempts, bad.server_reply) == (WAITING, 1, answer)
    assert bad.next_try_at is not None
    wait = bad.next_try_at - utcnow()
    assert minutes * MINUTE - MINUTE / 10 < wait <= minutes * MINUTE * 1.25
    assert fresh(good).state is SENT


@pytest.mark.parametrize(
    ("answer", "is_bad"),
    [
        ("550 no such mailbox", True),
        ("551 not here", True),
        ("553 not a name", True),
        ("550 5.1.1 no such mailbox", True),
        ("550 5.2.1 mailbox switched off", True),
        ("554 5.1.2 no such host", True),
        ("554 transaction failed", False),
        ("552 5.3.4 too large", False),
        ("550 5.4.1 no way there", False),
        ("501 5.5.4 cannot read that", False),
    ],
)
def test_a_recipient_refused_for_good_marks_that_letter_and_sometimes_that_address(
    post: Post, bad: Message, good: Message, answer: str, is_bad: bool
) -> None:
    post.answers[f"RCPT {bad.to}"] = answer
    assert drain() == 1
    assert (fresh(bad).state, bad.server_reply) == (FAILED, answer)
    assert fresh(good).state is SENT
    assert [found.address for found in db.session.query(BadAddress)] == ([bad.to] if is_bad else [])


@pytest.mark.parametrize("step", [Step.DATA, Step.DOT])
@pytest.mark.parametrize(
    "answer", ["554 5.6.0 no", "550 5.7.1 looks like spam", "552 5.3.4 too large", "571 no"]
)
def test_a_letter_refused_for_good_says_nothing_about_its_address(
    post: Post, bad: Message, good: Message, step: Step, answer: str
) -> None:
    post.answers[f"{step} {bad.to}"] = answer
    assert drain() == 1
    assert (fresh(bad).state, fresh(good).state) == (FAILED, SENT)
    assert db.session.query(BadAddress).count() == 0


@at_each_step
def test_421_is_not_charged_to_the_others_and_slows_the_channel(
    post: Post, bad: Message, good: Message, step: Step
) -> None:
    post.answers[f"{step} {bad.to}"] = "421 4.7.0 too many at once"
    assert drain() == 0
    assert (fresh(bad).state, bad.attempts) == (WAITING, 1)
    assert (fresh(good).state, good.attempts, good.server_reply) == (WAITING, 0, None)
    channel = mail.channel()
    assert channel.probe_at is not None
    assert timedelta(seconds=4) < channel.probe_at - utcnow() < timedelta(seconds=16)
    with transaction():
        mail.channel(lock=True).probe_at = utcnow()
    assert drain() == 1, "the one that it was said to waits, the others go"


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (Step.CONNECT, "554 not you"),
        (Step.CONNECT, "421 too busy"),
        (Step.CONNECT, ""),
        (Step.EHLO, ""),
        (Step.MAIL, "530 5.7.0 sign in first"),
        (Step.MAIL, "550 5.7.1 not from you"),
        (Step.RCPT, "530 5.7.0 sign in first"),
        (Step.RCPT, "550 5.7.1 relaying denied"),
        (Step.DATA, "530 5.7.0 sign in first"),
    ],
)
def test_where_nothing_gets_through_the_channel_stops_and_no_letter_pays(
    post: Post, bad: Message, good: Message, step: Step, answer: str
) -> None:
    post.answers[step] = answer
    assert drain() == 0
    for message in (bad, good):
        assert (fresh(message).state, message.attempts) == (WAITING, 0)
    channel = mail.channel()
    assert channel.stopped_at is not None
    assert (channel.said, channel.said_at is not None) == (channel.reason, True)
    assert not answer or answer.partition(" ")[2] in channel.reason


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


def _fatten(message: Message) -> None:
    """Larger than all that sockets keep."""
    with transaction():
        message.raw = (message.raw or b"") + (b"x" * 76 + b"\r\n") * 100_000


def _cut_when_reached(post: Post) -> None:
    stop = post.stops[0]

    def cut() -> None:
        stop.wait()
        stop.cut()

    threading.Thread(target=cut, daemon=True).start()
