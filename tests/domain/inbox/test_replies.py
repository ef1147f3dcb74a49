from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import contacts, inbox, reminders, stages, subscriptions, timeline, touches
from crm.models import (
    Came,
    Contact,
    Direction,
    Happened,
    Kind,
    Message,
    MessageKind,
    Notification,
    Stage,
    Way,
)
from tests.cast import Cast
from tests.domain.inbox.conftest import Take, token
from tests.domain.inbox.mails import ALICE, MAILBOX, plain

WROTE = "On Mon, 9 Mar 2026 at 08:00, Alice <crm@fika.example> wrote:"
QUOTED = f"Gladly, on Tuesday.\n\n{WROTE}\n> Dear Ada,\n> a talk?"


def entries(contact: Contact) -> list[tuple[Happened, str]]:
    return [(entry.kind, entry.text) for entry in timeline.of(contact)]


def ask(cast: Cast, at: datetime) -> None:
    with transaction():
        touches.log(db.session.get_one(Contact, cast.ada.id), "ask", by=cast.alice, now=at)


def letters_to_alice(kind: MessageKind = MessageKind.REPLY) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind)))


def test_a_letter_to_a_contact_comes_from_an_address_of_its_own(letter: Message) -> None:
    assert letter.raw is not None
    head = message_from_bytes(letter.raw)
    assert head["From"] == f"Alice Ahlgren via Fika <crm+m{token(letter)}@fika.example>"
    assert head["Reply-To"] is None
    assert letter.sender == f"crm+b{token(letter)}@fika.example"


@pytest.mark.parametrize("name", ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_a_reply_finds_its_contact_by_the_address_it_was_sent_to(
    take: Take, letter: Message, cast: Cast, name: str
) -> None:
    headers = {"To": "somebody@example.net", name: f"crm+m{token(letter)}@fika.example"}
    row = take(plain(sender="Ada <ada@private.example>", **headers))
    assert (row.kind, row.contact_id, row.letter_id) == (Came.REPLY, cast.ada.id, letter.id)


@pytest.mark.parametrize("name", ["In-Reply-To", "References"])
def test_else_by_its_thread(take: Take, letter: Message, cast: Cast, name: str) -> None:
    row = take(plain(sender="ada@private.example", **{name: f"<other@x> {letter.message_id}"}))
    assert (row.kind, row.contact_id, row.letter_id) == (Came.REPLY, cast.ada.id, letter.id)


def test_also_where_a_relay_gave_the_letter_another_id(take: Take, letter: Message, cast: Cast) -> None:
    with transaction():
        db.session.get_one(Message, letter.id).server_reply = "250 Ok 0102018f0c9d-7c1e"
        facts = {"name": "Ada", "email": "ada@example.com"}
        contacts.add(cast.bobs_workspace, facts, by=cast.bob, now=letter.created_at)
    row = take(plain(In_Reply_To="<0102018f0c9d-7c1e@eu-west-1.relay.example>"))
    assert (row.contact_id, row.letter_id) == (cast.ada.id, letter.id)


def test_else_by_who_wrote_it(take: Take, cast: Cast) -> None:
    assert take(plain(sender="ADA@Example.com")).contact_id == cast.ada.id


def test_an_address_that_two_workspaces_know_decides_nothing(take: Take, cast: Cast, now: datetime) -> None:
    with transaction():
        facts = {"name": "Ada", "email": "ada@example.com"}
        contacts.add(cast.bobs_workspace, facts, by=cast.bob, now=now)
    row = take(plain())
    assert (row.kind, row.workspace_id, row.subject, row.sender) == (Came.UNKNOWN, None, "", "")


def test_what_concerns_nobody_leaves_only_a_hash(take: Take, cast: Cast) -> None:
    row = take(plain("A secret", sender="Stranger <stranger@example.net>"))
    assert (row.kind, row.text, row.subject, row.sender, row.sender_name) == (Came.UNKNOWN, "", "", "", "")
    assert len(row.digest) == 64


def test_a_reply_is_a_touch_that_stops_follow_ups_and_only_suggests_a_move(
    take: Take, letter: Message, cast: Cast, now: datetime
) -> None:
    ask(cast, now - timedelta(days=2))
    take(plain(QUOTED, to=f"crm+m{token(letter)}@fika.example"))
    ada = db.session.get_one(Contact, cast.ada.id)
    assert ada.stage is Stage.LOCATED
    assert ada.touched_at == now
    assert not reminders.open_of(ada, [Kind.FOLLOW_UP, Kind.CLOSE])
    assert entries(ada)[0] == (Happened.REPLY, "Gladly, on Tuesday.")
    assert timeline.of(ada)[0].direction is Direction.IN
    suggestion = inbox.suggestion(ada)
    assert suggestion is not None
    assert suggestion.quoted.startswith("On Mon, 9 Mar 2026")
    assert inbox.suggesting(cast.workspace) == {ada.id}


def test_the_rhythm_starts_anew(take: Take, cast: Cast, now: datetime) -> None:
    with transaction():
        ada = db.session.get_one(Contact, cast.ada.id)
        for stage in (Stage.AGREED, Stage.INTERVIEWED, Stage.THANKED, Stage.RECONNECTED):
            stages.enter(ada, stage, by=cast.alice, at=now - timedelta(days=60), now=now - timedelta(days=60))
        (before,) = reminders.open_of(ada, [Kind.STAY_IN_TOUCH])
        due_before = before.due_at
    take(plain())
    (after,) = reminders.open_of(db.session.get_one(Contact, cast.ada.id), [Kind.STAY_IN_TOUCH])
    assert after.due_at > due_before


def test_a_suggestion_ends_with_the_move_or_with_a_no(take: Take, cast: Cast, now: datetime) -> None:
    take(plain())
    with transaction():
        inbox.wave_away(db.session.get_one(Contact, cast.ada.id), now=now)
    assert inbox.suggestion(db.session.get_one(Contact, cast.ada.id)) is None
    take(plain("Again", message_id="2@example.com"))
    with transaction():
        ada = db.session.get_one(Contact, cast.ada.id)
        assert inbox.suggestion(ada) is not None
        later = now + timedelta(minutes=1)
        stages.enter(ada, Stage.AGREED, by=cast.alice, at=later, now=later)
    assert inbox.suggestion(db.session.get_one(Contact, cast.ada.id)) is None


def test_an_answer_that_was_written_before_it_became_known_suggests_too(
    take: Take, cast: Cast, now: datetime
) -> None:
    take(plain(at=now - timedelta(hours=3)))
    assert inbox.suggestion(db.session.get_one(Contact, cast.ada.id)) is not None


def test_the_seeker_is_told_at_once_and_can_answer_the_contact_directly(take: Take, cast: Cast) -> None:
    row = take(plain(QUOTED))
    (told,) = letters_to_alice()
    assert told.raw is not None
    head = message_from_bytes(told.raw)
    assert head["Reply-To"] == "Ada Okafor <ada@example.com>"
    assert head["Subject"] == "Ada Okafor wrote to you: Re: A talk"
    assert told.text is not None
    assert "> Gladly, on Tuesday." in told.text
    assert "a talk?" not in told.text
    (news,) = db.session.scalars(select(Notification).where(Notification.kind == MessageKind.REPLY))
    assert (news.title, news.text) == ("Ada Okafor wrote to you", "Gladly, on Tuesday.")
    assert row.sentence == "Ada Okafor wrote to you."


def test_who_wants_no_letter_about_it_has_the_bell(take: Take, cast: Cast, now: datetime) -> None:
    with transaction():
        subscriptions.choose(cast.alice, cast.workspace.id, MessageKind.REPLY, Way.OFF, now=now)
    take(plain())
    assert not letters_to_alice()
    assert db.session.scalars(select(Notification).where(Notification.kind == MessageKind.REPLY)).one()


def test_the_same_message_is_one_however_it_comes(take: Take, cast: Cast) -> None:
    raw = plain(QUOTED)
    first = take(raw)
    again = take(b"Received: from relay.example by mx; Tue, 10 Mar 2026 09:00:01 +0000\r\n" + raw)
    bare = take(raw.replace(b"\r\n", b"\n"))
    assert first.id == again.id == bare.id
    assert len(letters_to_alice()) == 1


def test_another_message_under_the_same_id_is_another(take: Take, cast: Cast) -> None:
    assert take(plain("One")).id != take(plain("Two")).id


def test_what_we_sent_ourselves_means_nothing(take: Take, letter: Message) -> None:
    assert letter.raw is not None
    assert take(letter.raw).kind is Came.UNKNOWN
    assert take(plain(sender=f"Somebody <{MAILBOX}>", to="ada@example.com")).kind is Came.UNKNOWN


def test_the_seeker_who_answers_in_the_thread_reached_out(take: Take, letter: Message, cast: Cast) -> None:
    row = take(plain(sender=ALICE, to=f"ada@example.com, crm+m{token(letter)}@fika.example"))
    assert (row.kind, row.contact_id) == (Came.SENT, cast.ada.id)
    entry = timeline.of(db.session.get_one(Contact, cast.ada.id))[0]
    assert (entry.kind, entry.direction) == (Happened.MESSAGE, Direction.OUT)
    assert not letters_to_alice()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "bulk"},
        {"List_Id": "<list.example.com>"},
        {"Return_Path": "<>"},
        {"Subject": "Automatic reply: A talk"},
        {"Subject": "Abwesenheitsnotiz: A talk"},
    ],
)
def test_what_a_program_wrote_stops_nothing(
    take: Take, letter: Message, cast: Cast, now: datetime, headers: dict[str, str]
) -> None:
    ask(cast, now - timedelta(days=2))
    text = "I am out of the office until 3 April 2026."
    row = take(plain(text, to=f"crm+m{token(letter)}@fika.example", **headers))
    ada = db.session.get_one(Contact, cast.ada.id)
    assert (row.kind, row.sentence) == (Came.AUTO_REPLY, "Ada Okafor is away until 3 April 2026.")
    assert entries(ada)[0] == (
        Happened.AUTO_REPLY,
        f"Ada Okafor is away until 3 April 2026.\n\n{text}",
    )
    assert reminders.open_of(ada, [Kind.FOLLOW_UP])
    assert ada.touched_at == now - timedelta(days=2)
    assert inbox.suggestion(ada) is None
    assert not letters_to_alice()


def test_an_automatic_answer_goes_to_the_envelope_sender_and_is_no_bounce(
    take: Take, letter: Message, cast: Cast
) -> None:
    to = f"crm+b{token(letter)}@fika.example"
    row = take(plain("Away.", to=to, Auto_Submitted="auto-replied", Return_Path="<>"))
    assert (row.kind, row.contact_id) == (Came.AUTO_REPLY, cast.ada.id)
