from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import inbox, interviews, mail, subscriptions, timeline
from crm.models import (
    BadAddress,
    Came,
    Closed,
    Contact,
    Happened,
    Message,
    MessageKind,
    MessageState,
    Notification,
    Way,
)
from tests.cast import Cast
from tests.domain.inbox.conftest import HOUSE, Take, token, write
from tests.domain.inbox.mails import MAILBOX, bounce, complaint, plain

NO_SUCH = "550 5.1.1 <ada@example.com>: no such mailbox"


def fresh(message: Message) -> Message:
    db.session.expire_all()
    return db.session.get_one(Message, message.id)


def bad() -> list[tuple[int, str]]:
    return [(row.workspace_id, row.address) for row in db.session.scalars(select(BadAddress))]


def verp(letter: Message) -> str:
    return f"crm+b{token(letter)}@fika.example"


def test_a_letter_that_came_back_failed_and_everybody_says_so(
    take: Take, letter: Message, cast: Cast
) -> None:
    row = take(bounce(to=verp(letter)))
    found = fresh(letter)
    assert row.kind is Came.BOUNCE
    assert (found.state, found.bounce_status, found.bounce_reason) == (MessageState.FAILED, "5.1.1", NO_SUCH)
    assert bad() == [(cast.workspace.id, "ada@example.com")]
    entry = timeline.of(db.session.get_one(Contact, cast.ada.id))[0]
    assert entry.kind is Happened.BOUNCE
    assert entry.text.endswith(f"was not delivered to ada@example.com: {NO_SUCH}")
    (news,) = db.session.scalars(select(Notification).where(Notification.kind == MessageKind.BOUNCE))
    assert news.title == "Your letter to Ada Okafor was not delivered"
    (told,) = db.session.scalars(select(Message).where(Message.kind == MessageKind.BOUNCE))
    assert told.text is not None
    assert NO_SUCH.split(":")[1] in told.text
    assert db.session.get_one(Contact, cast.ada.id).touched_at is None


@pytest.mark.parametrize("by", ["letter_id", "envelope_id"])
def test_it_is_found_by_what_the_report_says_too(take: Take, letter: Message, by: str) -> None:
    facts = {"letter_id": letter.message_id, "envelope_id": f"b{token(letter)}"}
    take(bounce(to=MAILBOX, **{by: facts[by]}))
    assert fresh(letter).state is MessageState.FAILED


def test_the_same_bounce_twice_is_told_once(take: Take, letter: Message) -> None:
    take(bounce(to=verp(letter)))
    take(bounce(to=verp(letter), letter_id=letter.message_id))
    assert len(db.session.scalars(select(Message).where(Message.kind == MessageKind.BOUNCE)).all()) == 1


@pytest.mark.parametrize(
    ("action", "status"),
    [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0"), ("expanded", "2.0.0")],
)
def test_what_is_not_final_changes_nothing(take: Take, letter: Message, action: str, status: str) -> None:
    row = take(bounce(to=verp(letter), action=action, status=status))
    assert row.kind is Came.DELIVERY
    assert fresh(letter).state is MessageState.SENT
    assert not bad()


@pytest.mark.parametrize("status", ["5.2.2", "4.4.7"])
def test_a_full_mailbox_costs_the_letter_alone(take: Take, letter: Message, status: str) -> None:
    take(bounce(to=verp(letter), status=status))
    assert (fresh(letter).state, fresh(letter).bounce_status) == (MessageState.FAILED, status)
    assert not bad()


def test_three_of_them_in_two_weeks_cost_the_address(take: Take, cast: Cast, now: datetime) -> None:
    for days in (20, 10, 5, 0):
        at = now - timedelta(days=days)
        take(bounce(to=verp(write(cast, cast.ada, at - timedelta(hours=1))), status="5.2.2"), at=at)
        assert bool(bad()) == (days == 0)


def test_the_next_letter_to_the_address_is_not_sent(
    take: Take, letter: Message, cast: Cast, now: datetime
) -> None:
    take(bounce(to=verp(letter)))
    with transaction():
        talk = interviews.plan(
            db.session.get_one(Contact, cast.ada.id),
            by=cast.alice,
            starts_at=now + timedelta(days=3),
            now=now,
            house=HOUSE,
        )
    (invitation,) = mail.page(cast.workspace, contact_id=talk.contact_id, kind=MessageKind.INVITATION)
    assert invitation.state is MessageState.SUPPRESSED


def test_a_bounce_of_no_standard_shape_is_read_by_what_came_back(take: Take, letter: Message) -> None:
    text = (
        "Hi. This is the qmail-send program at mx.example.com.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<ada@example.com>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 unknown\n\n"
        "--- Below this line is a copy of the message.\n"
    )
    facts = {"sender": "MAILER-DAEMON@mx.example.com", "subject": "failure notice", "Return_Path": "<>"}
    take(plain(text, to=verp(letter), **facts))
    assert (fresh(letter).state, fresh(letter).bounce_status) == (MessageState.FAILED, "5.1.1")


def test_one_that_nobody_understands_still_says_that_it_came_back(take: Take, letter: Message) -> None:
    facts = {"sender": "postmaster@mx.example.com", "subject": "Nicht zustellbar", "Return_Path": "<>"}
    take(plain("Leider.", to=verp(letter), **facts))
    assert (fresh(letter).state, fresh(letter).bounce_reason) == (MessageState.FAILED, "Nicht zustellbar")
    assert not bad()


def test_a_report_about_nothing_of_ours_is_forgotten(take: Take, letter: Message) -> None:
    row = take(bounce(to="crm+b0123456789abcdef01234567@fika.example", letter_id="<x@example.com>"))
    assert (row.kind, row.workspace_id) == (Came.UNKNOWN, None)
    assert fresh(letter).state is MessageState.SENT


def test_a_letter_that_waits_cannot_have_come_back(take: Take, letter: Message) -> None:
    with transaction():
        db.session.get_one(Message, letter.id).state = MessageState.WAITING
    take(bounce(to=verp(letter)))
    assert fresh(letter).state is MessageState.WAITING


def test_a_complaint_is_an_opt_out(take: Take, letter: Message, cast: Cast, now: datetime) -> None:
    row = take(complaint(letter.message_id))
    ada = db.session.get_one(Contact, cast.ada.id)
    assert (row.kind, ada.closed) == (Came.COMPLAINT, Closed.DO_NOT_CONTACT)
    assert bad() == [(cast.workspace.id, "ada@example.com")]
    assert Happened.COMPLAINT in [entry.kind for entry in timeline.of(ada)]


def test_a_complaint_that_is_taken_back_is_none(take: Take, letter: Message, cast: Cast) -> None:
    take(complaint(letter.message_id, kind="not-spam"))
    assert db.session.get_one(Contact, cast.ada.id).closed is None


def test_a_user_who_complains_of_letters_gets_no_more_of_the_kind(
    take: Take, cast: Cast, now: datetime
) -> None:
    take(plain())
    (told,) = db.session.scalars(select(Message).where(Message.kind == MessageKind.REPLY))
    take(complaint(told.message_id))
    assert subscriptions.way(cast.alice, cast.workspace.id, MessageKind.REPLY) is Way.OFF


def test_what_became_of_it_is_listed(take: Take, letter: Message, cast: Cast) -> None:
    take(bounce(to=verp(letter)))
    (row,) = inbox.page(cast.workspace)
    assert row.sentence == f"“{letter.subject}” was not delivered to Ada Okafor: {NO_SUCH}"
    assert (row.text, row.quoted) == ("", "")


JOURNAL = "journal@fika.example"


@pytest.mark.parametrize("also", [False, True])
def test_the_journal_that_refused_its_copy_says_nothing_of_the_contact(
    take: Take, letter: Message, also: bool
) -> None:
    with transaction():
        db.session.get_one(Message, letter.id).journal = JOURNAL
    ada = "\nFinal-Recipient: rfc822; <Ada@example.com>\nAction: failed\nStatus: 5.1.2\n" if also else ""
    reason = "smtp; 552 5.2.2 full"
    row = take(bounce(to=verp(letter), recipient=f"<{JOURNAL}>", status="5.1.1", reason=reason, more=ada))
    state = MessageState.FAILED if also else MessageState.SENT
    assert (fresh(letter).state, bool(bad())) == (state, also)
    assert (row.kind, fresh(letter).bounce_status) == (
        (Came.BOUNCE, "5.1.2") if also else (Came.DELIVERY, None)
    )


def test_one_that_comes_back_before_the_server_has_answered_came_back(
    take: Take, letter: Message, now: datetime
) -> None:
    with transaction():
        row = db.session.get_one(Message, letter.id)
        row.state, row.fence, row.sent_at = MessageState.TRANSMITTING, 1, None
    take(bounce(to=verp(letter)))
    assert fresh(letter).state is MessageState.FAILED
    with transaction():
        taken = fresh(letter)
        facts = (taken.workspace_id, taken.contact_id, taken.sender, taken.to, taken.subject, b"", False)
        mail.sent(mail.Claimed(taken.id, 1, *facts), "250 OK", now=now)
    assert fresh(letter).state is MessageState.FAILED
