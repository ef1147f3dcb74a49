"""Who a letter goes to, and who is written to no more."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import contacts, mail, timeline
from crm.models import BadAddress, Message, MessageKind, MessageState
from tests.cast import Cast
from tests.domain.play import DAY
from tests.domain.waiting import SECOND, claim, put, state, under_way


def test_a_contacts_bad_address_is_not_tried_again(cast: Cast, now: datetime) -> None:
    message = put(cast, now, to_contact=True)
    letter = under_way(now + 10 * SECOND)
    with transaction():
        mail.failed(letter, "550 no such user", now=now, bad_address=True)
    assert state(message) == "failed"
    second = put(cast, now + DAY, "second", to_contact=True)
    assert (second.state, second.server_reply) == (
        MessageState.SUPPRESSED,
        "This address was refused before: 550 no such user",
    )
    assert timeline.of(cast.ada)[0].text.endswith(
        "could not be delivered to ada@example.com: 550 no such user"
    )


def test_a_bad_address_of_one_workspace_is_nobody_elses_business(cast: Cast, now: datetime) -> None:
    with transaction():
        bad = BadAddress(workspace_id=cast.bobs_workspace.id, address="ada@example.com", reason="550", at=now)
        db.session.add(bad)
    assert put(cast, now, to_contact=True).state is MessageState.WAITING


def test_a_users_own_letters_are_tried_whatever_was_refused_before(cast: Cast, now: datetime) -> None:
    put(cast, now)
    letter = under_way(now)
    with transaction():
        mail.failed(letter, "550 full of spam", now=now, bad_address=True)
    assert put(cast, now + DAY, "second").state is MessageState.WAITING


def test_an_address_that_mail_cannot_carry_fails_at_once(cast: Cast, now: datetime) -> None:
    with transaction():
        contacts.change(cast.ada, {"email": "zoë@example.com"}, by=cast.alice, now=now)
    message = put(cast, now, to_contact=True)
    assert message.state is MessageState.FAILED
    assert message.server_reply is not None
    assert "most servers refuse such an address" in message.server_reply


def test_the_envelope_carries_the_domain_in_ascii(cast: Cast, now: datetime) -> None:
    with transaction():
        contacts.change(cast.ada, {"email": "ada@exämple.com"}, by=cast.alice, now=now)
    message = put(cast, now, to_contact=True)
    (letter,) = claim(now + 10 * SECOND)
    assert (message.to, letter.to) == ("ada@exämple.com", "ada@xn--exmple-cua.com")


def test_the_bytes_of_an_account_letter_are_wiped_once_final(cast: Cast, now: datetime) -> None:
    message = put(cast, now, kind=MessageKind.ACCOUNT, secret=True)
    assert (message.text, message.html) == (None, None)
    letter = under_way(now)
    with transaction():
        assert not mail.withdraw(message, "Too late.")
    assert message.raw is not None
    with transaction():
        mail.sent(letter, "250 taken", now=now)
    db.session.refresh(message)
    assert message.raw is None


@pytest.mark.parametrize("seconds", [9, 10])
def test_a_contacts_letter_can_be_taken_back_for_ten_seconds(cast: Cast, now: datetime, seconds: int) -> None:
    message = put(cast, now, to_contact=True)
    assert mail.undoable(message, now + seconds * SECOND) is (seconds < 10)


def test_deleting_a_contact_withdraws_what_waits(cast: Cast, now: datetime) -> None:
    message = put(cast, now, to_contact=True)
    with transaction():
        contacts.delete(cast.ada, by=cast.alice, now=now)
    assert (state(message), message.server_reply) == ("cancelled", "The contact was deleted.")
    assert db.session.scalars(select(Message)).all() == [message]


def test_who_asked_to_be_left_alone_gets_no_letter_that_waits(cast: Cast, now: datetime) -> None:
    message = put(cast, now, to_contact=True)
    with transaction():
        contacts.change(cast.ada, {"closed": "do_not_contact"}, by=cast.alice, now=now)
    assert state(message) == "cancelled"


def test_a_letter_that_came_back_from_the_server_leaves_no_more_after_the_contact_was_deleted(
    cast: Cast, now: datetime
) -> None:
    message = put(cast, now, to_contact=True)
    letter = under_way(now + 10 * SECOND)
    with transaction():
        contacts.delete(cast.ada, by=cast.alice, now=now)
        mail.put_back(letter, "451 later", now=now, jitter=0)
    assert claim(now + DAY) == []
    assert state(message) == "cancelled"
