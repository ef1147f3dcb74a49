"""The journal, with a real mail server and a real mailbox: what it has was sent, what it lacks was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from crm.database import transaction, utcnow
from crm.domain import mail
from crm.models import Message, MessageKind, MessageState
from tests.cast import Cast
from tests.domain.waiting import put
from tests.services.post import JOURNAL, Post
from tests.services.run import free_port
from tests.services.stops import Step
from tests.workers.conftest import fresh
from workers.journal import look
from workers.mail import drain

Invite = Callable[..., Message]
GRACE = timedelta(seconds=600)


@pytest.fixture
def post(post: Post, core: Flask) -> Post:
    """A mail server with a journal, in the settings."""
    core.config["SETTINGS"] = replace(
        core.config["SETTINGS"],
        mail_journal=JOURNAL,
        mail_journal_imap=post.journal.url,
        mail_journal_grace=int(GRACE.total_seconds()),
    )
    return post


def later(message: Message, span: timedelta = GRACE) -> None:
    """As if the doubt were so much older."""
    with transaction():
        assert message.doubtful_since is not None
        message.doubtful_since -= span
        message.next_try_at = utcnow()


def doubted(post: Post, invite: Invite) -> Message:
    """A letter to a contact whose last answer never came; the server did not keep it."""
    message = invite()
    post.answers[Step.DOT], post.keeps_unheard = "", False
    assert drain() == 0
    post.answers.clear()
    assert fresh(message).state is MessageState.DOUBTFUL
    return message


def test_a_copy_goes_along_in_the_same_transaction(post: Post, invite: Invite) -> None:
    message = invite()
    assert drain() == 1
    assert (post.delivered[message.message_id], post.copied[message.message_id]) == (1, 1)
    assert post.heard["DATA"] == 1
    assert fresh(message).journal == JOURNAL


def test_account_letters_are_never_journalled(post: Post, cast: Cast) -> None:
    message = put(cast, utcnow(), kind=MessageKind.ACCOUNT, secret=True, contact=None)
    assert drain() == 1
    assert post.copied[message.message_id] == 0
    assert fresh(message).journal == ""


def test_a_journal_that_refuses_its_copy_stops_the_channel(post: Post, invite: Invite) -> None:
    message = invite()
    post.answers[f"RCPT {JOURNAL}"] = "550 5.1.1 no such mailbox"
    assert drain() == 0
    assert post.heard["DATA"] == 0
    assert post.heard["RSET"] == 1
    assert (fresh(message).state, message.attempts) == (MessageState.WAITING, 0)
    assert f"The journal {JOURNAL} refused its copy: 550 5.1.1" in mail.channel().reason


def test_a_journal_that_accepts_cannot_save_a_refused_letter(post: Post, invite: Invite) -> None:
    message = invite()
    post.answers["RCPT grace@example.com"] = "550 5.1.1 no such mailbox"
    assert drain() == 0
    assert fresh(message).state is MessageState.FAILED
    assert not post.copied


def test_in_doubt_a_letter_is_shown_as_being_sent(post: Post, invite: Invite) -> None:
    message = doubted(post, invite)
    assert mail.shown_state(message) is MessageState.SENDING
    assert drain() == 0


def test_what_the_journal_has_was_sent(post: Post, invite: Invite, cast: Cast) -> None:
    message = doubted(post, invite)
    post.journal.keep(message.raw or b"")
    assert look() == 1
    assert (fresh(message).state, message.attempts) == (MessageState.SENT, 1)
    assert "The journal has a copy" in (message.server_reply or "")
    assert drain() == 0


def test_what_the_journal_lacks_is_waited_for_until_the_grace_is_over(post: Post, invite: Invite) -> None:
    message = doubted(post, invite)
    assert look() == 1
    assert fresh(message).state is MessageState.DOUBTFUL
    assert message.next_try_at is not None
    assert timedelta(seconds=5) < message.next_try_at - utcnow() <= timedelta(seconds=10)
    assert look() == 0, "it is asked ever more rarely"
    later(message)
    assert look() == 1
    assert fresh(message).state is MessageState.WAITING
    assert drain() == 1
    assert post.delivered[message.message_id] == 1


def test_a_copy_that_comes_late_but_within_the_grace_is_found(post: Post, invite: Invite) -> None:
    message = doubted(post, invite)
    look()
    post.journal.keep(message.raw or b"")
    later(message, GRACE / 2)
    look()
    assert fresh(message).state is MessageState.SENT


def test_a_letter_that_is_of_no_more_use_by_then_expires(post: Post, invite: Invite) -> None:
    message = doubted(post, invite)
    with transaction():
        message.not_after = utcnow()
    look()
    assert fresh(message).state is MessageState.DOUBTFUL
    later(message)
    look()
    assert fresh(message).state is MessageState.EXPIRED


@pytest.mark.parametrize("trouble", ["nobody listens", "not signed in", "no such mailbox", "no search"])
def test_a_journal_that_cannot_be_read_is_asked_again_and_nothing_is_guessed(
    post: Post, core: Flask, invite: Invite, trouble: str
) -> None:
    message = doubted(post, invite)
    working = core.config["SETTINGS"]
    if trouble == "nobody listens":
        url = f"imap://journal:secret@127.0.0.1:{free_port()}/INBOX"
        core.config["SETTINGS"] = replace(working, mail_journal_imap=url)
    else:
        step = {"not signed in": "LOGIN", "no such mailbox": "EXAMINE", "no search": "SEARCH"}[trouble]
        post.journal.answers[step] = "NO not today"
    later(message, 10 * GRACE)
    assert look() == 1
    assert fresh(message).state is MessageState.DOUBTFUL
    assert (message.server_reply or "").startswith("The journal could not be read: ")
    core.config["SETTINGS"] = working
    post.journal.answers.clear()
    later(message, timedelta(0))
    look()
    assert fresh(message).state is MessageState.WAITING


def test_a_crash_in_transmitting_is_a_doubt_too(post: Post, invite: Invite) -> None:
    message = invite()
    with transaction():
        (letter,) = mail.claim(now=utcnow())
        mail.transmitting(letter, now=utcnow(), journal=JOURNAL)
    with transaction():
        message.lease_until = utcnow() - timedelta(seconds=1)
    drain()
    assert fresh(message).state is MessageState.DOUBTFUL


def test_where_the_journal_was_taken_out_of_the_settings_the_user_decides(
    post: Post, core: Flask, invite: Invite
) -> None:
    message = doubted(post, invite)
    core.config["SETTINGS"] = replace(core.config["SETTINGS"], mail_journal=None, mail_journal_imap=None)
    look()
    assert fresh(message).state is MessageState.UNCERTAIN


def test_an_answer_about_an_older_attempt_changes_nothing(post: Post, invite: Invite) -> None:
    message = doubted(post, invite)
    with transaction():
        asked = mail.doubts(now=utcnow())
    with transaction():
        message.fence += 1
    with transaction():
        mail.settle(asked, [False], grace=timedelta(0), asked_at=utcnow())
    assert fresh(message).state is MessageState.DOUBTFUL
