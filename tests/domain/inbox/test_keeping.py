from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import contacts, inbox, timeline
from crm.models import Came, Contact, Cursor, Message, MessageKind, MessageState, Received
from tests.cast import Cast
from tests.domain.inbox.conftest import Take, token, write
from tests.domain.inbox.mails import ALICE, plain


def test_a_date_that_cannot_be_believed_is_that_of_the_arrival(take: Take, cast: Cast, now: datetime) -> None:
    assert take(plain(at=now + timedelta(hours=1))).at == now
    assert take(plain(at=now - timedelta(days=400), message_id="2@example.com")).at == now
    assert take(plain(at=now - timedelta(hours=1), message_id="3@example.com")).at == now - timedelta(hours=1)


def test_a_contact_in_the_trash_is_left_there(take: Take, letter: Message, cast: Cast, now: datetime) -> None:
    with transaction():
        contacts.delete(db.session.get_one(Contact, cast.ada.id), by=cast.alice, now=now)
    assert take(plain(to=f"crm+m{token(letter)}@fika.example")).kind is Came.UNKNOWN


def test_a_very_long_reply_is_cut(take: Take, cast: Cast) -> None:
    row = take(plain("word " * 100_000))
    assert len(row.text) <= 20_000
    assert len(timeline.of(db.session.get_one(Contact, cast.ada.id))[0].text) <= 20_000


def test_hashes_of_what_concerned_nobody_are_forgotten_in_time(take: Take, cast: Cast, now: datetime) -> None:
    take(plain(sender="stranger@example.net"))
    kept = take(plain())
    with transaction():
        inbox.sweep(now=now + timedelta(days=93))
    assert [row.id for row in db.session.scalars(select(Received))] == [kept.id]


def test_letters_of_two_contacts_have_different_addresses(cast: Cast, now: datetime) -> None:
    one, other = write(cast, cast.ada, now), write(cast, cast.ada, now + timedelta(seconds=1))
    assert one.sender != other.sender


def test_the_seekers_own_program_did_not_reach_out(take: Take, letter: Message, cast: Cast) -> None:
    to = f"crm+m{token(letter)}@fika.example"
    row = take(plain("I am away.", sender=ALICE, to=to, Auto_Submitted="auto-replied"))
    assert row.kind is Came.UNKNOWN
    assert db.session.get_one(Contact, cast.ada.id).touched_at is None


def test_an_address_that_few_servers_carry_keeps_nobody_from_being_told(
    take: Take, letter: Message, cast: Cast
) -> None:
    take(plain("Gladly!", sender="Ada <zo\u00eb@example.com>", to=f"crm+m{token(letter)}@fika.example"))
    (told,) = db.session.scalars(select(Message).where(Message.kind == MessageKind.REPLY))
    assert told.state is MessageState.WAITING


def test_they_are_known_for_as_long_as_a_mailbox_may_be_read_again(take: Take, now: datetime) -> None:
    take(plain(sender="stranger@example.net"))
    later = now + timedelta(days=90)
    assert begin_anew(later) <= now
    with transaction():
        inbox.sweep(now=later + timedelta(hours=9))
    assert len(db.session.scalars(select(Received)).all()) == 1


def begin_anew(now: datetime) -> datetime:
    """From when on a mailbox with other numbers is read: from the beginning of that day, in any zone."""
    with transaction():
        db.session.add(Cursor(account="a", uid_validity=1, last_uid=1, trouble=""))
        db.session.flush()
        since = inbox.begin("a", 2, now=now)[1]
    assert since is not None
    return since
