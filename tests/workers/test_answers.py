"""What a server's answers mean, each given by a real mail server in the middle of a batch of two."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.database import db, transaction, utcnow
from crm.domain import mail
from crm.models import BadAddress, Message, MessageState
from tests.services.post import Post
from tests.services.stops import Step
from tests.workers.conftest import fresh
from workers.mail import drain

WAITING, SENT, FAILED = MessageState.WAITING, MessageState.SENT, MessageState.FAILED
MINUTE = timedelta(minutes=1)


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
