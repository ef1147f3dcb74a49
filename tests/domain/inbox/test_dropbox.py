from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm.database import db, transaction
from crm.domain import contacts, inbox, timeline
from crm.domain.errors import NotAllowed, NotFound
from crm.models import Came, Contact, Direction, Happened, Received, Stage
from tests.cast import Cast
from tests.domain.inbox.conftest import HOUSE, Take
from tests.domain.inbox.mails import ALICE, FORWARDED, MAILBOX, joined, parts, plain

GRACE = "Grace Hopper <grace@example.net>"


@pytest.fixture
def box(cast: Cast, now: datetime) -> str:
    """Alice's dropbox."""
    with transaction():
        return inbox.address(cast.workspace, cast.alice, MAILBOX, now=now)


def last(contact: Contact) -> tuple[Happened, Direction | None, str, datetime]:
    """The last entry but those that tell how the contact came to be."""
    entries = timeline.of(db.session.get_one(Contact, contact.id))
    entry = next((each for each in entries if each.kind is not Happened.CHANGE), entries[0])
    return entry.kind, entry.direction, entry.text, entry.at


def test_what_was_copied_to_it_is_an_outgoing_touch(take: Take, box: str, cast: Cast, now: datetime) -> None:
    row = take(plain("May I ask you?", sender=ALICE, to="Ada <ADA@example.com>", Delivered_To=box))
    assert (row.kind, row.sentence) == (Came.SENT, "You wrote to Ada Okafor.")
    assert last(cast.ada) == (Happened.MESSAGE, Direction.OUT, "May I ask you?", now)


def test_a_hidden_copy_is_known_by_the_way_it_took(take: Take, box: str, cast: Cast, now: datetime) -> None:
    way = (
        f"from mx.example.org by mail.fika.example with ESMTPS\n for <{box}>; Tue, 10 Mar 2026 09:00:00 +0000"
    )
    row = take(plain("May I ask you?", sender=ALICE, to="Ada <ada@example.com>", Received=way))
    assert (row.kind, row.sentence) == (Came.SENT, "You wrote to Ada Okafor.")
    assert last(cast.ada) == (Happened.MESSAGE, Direction.OUT, "May I ask you?", now)


def test_what_was_forwarded_to_it_is_theirs(take: Take, box: str, cast: Cast) -> None:
    row = take(plain(FORWARDED, sender=ALICE, to=box, subject="Fwd: Your questions"))
    assert (row.kind, row.subject) == (Came.REPLY, "Your questions")
    kind, way, text, at = last(cast.ada)
    assert (kind, way) == (Happened.REPLY, Direction.IN)
    assert text == "Dear Alice,\n\nask me anything.\n\nAda"
    assert at == datetime(2026, 3, 9, 15, 0, tzinfo=UTC)


def test_a_message_that_was_attached_is_read_too(take: Take, box: str, cast: Cast, now: datetime) -> None:
    inner = plain("Ask me.", at=now - timedelta(days=3)).decode().replace("\r\n", "\n")
    head = {
        "From": ALICE,
        "To": box,
        "Subject": "Weitergeleitet",
        "Date": "Tue, 10 Mar 2026 09:00:00 +0000",
        "Message-ID": "<f@example.org>",
        "Content-Type": 'multipart/mixed; boundary="=_b"',
    }
    body = parts(
        "mixed", "Content-Type: text/plain\n\n", f"Content-Type: message/rfc822\n\n{inner}", border="=_b"
    )
    take(joined(head, body))
    assert last(cast.ada) == (Happened.REPLY, Direction.IN, "Ask me.", now - timedelta(days=3))


def test_who_is_no_contact_is_offered_and_becomes_one_with_a_click(
    take: Take, box: str, cast: Cast, now: datetime
) -> None:
    row = take(plain("Hello Grace", sender=ALICE, to=GRACE, Delivered_To=box))
    assert (row.kind, row.sender, row.sender_name) == (Came.OFFER, "grace@example.net", "Grace Hopper")
    with transaction():
        row = inbox.get(cast.workspace, row.id, lock=True)
        grace = inbox.accept(row, workspace=cast.workspace, by=cast.alice, now=now)
        assert (grace.name, grace.email, grace.stage) == ("Grace Hopper", "grace@example.net", Stage.LOCATED)
    assert last(grace) == (Happened.MESSAGE, Direction.OUT, "Hello Grace", now)
    with transaction(), pytest.raises(NotAllowed):
        inbox.accept(inbox.get(cast.workspace, row.id), workspace=cast.workspace, by=cast.alice, now=now)


def test_several_from_the_same_person_are_taken_together(
    take: Take, box: str, cast: Cast, now: datetime
) -> None:
    one = take(plain("One", sender=GRACE, to="alice@example.org", Delivered_To=box))
    take(plain("Two", sender=GRACE, to="alice@example.org", Delivered_To=box, message_id="2@x"))
    with transaction():
        grace = inbox.accept(
            inbox.get(cast.workspace, one.id), workspace=cast.workspace, by=cast.alice, now=now
        )
        texts = [entry.text for entry in timeline.of(grace)]
    assert {"One", "Two"} <= set(texts)
    assert inbox.suggestion(db.session.get_one(Contact, grace.id)) is not None


def test_of_who_is_ignored_nothing_is_kept(take: Take, box: str, cast: Cast, now: datetime) -> None:
    row = take(plain("Buy this", sender=GRACE, to=box))
    with transaction():
        inbox.ignore(inbox.get(cast.workspace, row.id), now=now)
    row = db.session.get_one(Received, row.id)
    assert (row.text, row.is_open) == ("", False)
    assert take(plain("Buy this", sender=GRACE, to=box)).id == row.id


def test_mail_to_several_is_part_of_each_timeline(take: Take, box: str, cast: Cast, now: datetime) -> None:
    with transaction():
        facts = {"name": "Grace Hopper", "email": "grace@example.net"}
        grace = contacts.add(cast.workspace, facts, by=cast.alice, now=now)
    raw = plain("Both of you", sender=ALICE, to=f"ada@example.com, {GRACE}", Delivered_To=box)
    take(raw)
    take(raw)
    for contact in (cast.ada, grace):
        texts = [entry.text for entry in timeline.of(db.session.get_one(Contact, contact.id))]
        assert texts.count("Both of you") == 1


def test_a_strangers_mail_to_it_writes_nothing_by_itself(take: Take, box: str, cast: Cast) -> None:
    before = last(cast.ada)
    row = take(plain(FORWARDED, sender="Mallory <mallory@example.net>", to=box, subject="Fwd: x"))
    assert (row.kind, row.sender) == (Came.OFFER, "mallory@example.net")
    assert last(cast.ada) == before


def test_another_address_leaves_the_old_one_dead(take: Take, box: str, cast: Cast, now: datetime) -> None:
    with transaction():
        inbox.rotate(cast.workspace, cast.alice, now=now)
        after = inbox.address(cast.workspace, cast.alice, MAILBOX, now=now)
    assert after != box
    row = take(plain("x", sender=GRACE, to=box))
    assert (row.kind, row.workspace_id) == (Came.UNKNOWN, None)


def test_a_dropbox_reaches_its_own_workspace_alone(take: Take, cast: Cast, now: datetime) -> None:
    with transaction():
        theirs = inbox.address(cast.bobs_workspace, cast.bob, MAILBOX, now=now)
    row = take(plain("x", sender="Bob <bob@example.org>", to="ada@example.com", Delivered_To=theirs))
    assert (row.kind, row.workspace_id) == (Came.OFFER, cast.bobs_workspace.id)
    with pytest.raises(NotFound):
        inbox.get(cast.workspace, row.id)


def bring(raw: bytes, cast: Cast, now: datetime) -> Received:
    found = inbox.read(raw)
    with transaction():
        return inbox.take_file(found, workspace=cast.workspace, user=cast.alice, house=HOUSE, now=now)


def test_a_saved_message_does_the_same_without_a_mailbox(cast: Cast, now: datetime) -> None:
    then = now - timedelta(days=30)
    row = bring(plain("Gladly!", to="alice@example.org", at=then), cast, now)
    assert (row.kind, row.contact_id) == (Came.REPLY, cast.ada.id)
    assert last(cast.ada) == (Happened.REPLY, Direction.IN, "Gladly!", then)
    assert bring(plain("Gladly!", to="alice@example.org", at=then), cast, now).id == row.id


def test_a_saved_message_of_ones_own_is_an_outgoing_touch(cast: Cast, now: datetime) -> None:
    row = bring(plain("May I?", sender=ALICE, to="ada@example.com"), cast, now)
    assert (row.kind, row.contact_id) == (Came.SENT, cast.ada.id)


def test_what_came_by_mail_is_not_taken_again_as_a_file(take: Take, cast: Cast, now: datetime) -> None:
    assert take(plain()).id == bring(plain(), cast, now).id


def test_a_file_tells_nothing_of_other_workspaces(take: Take, cast: Cast, now: datetime) -> None:
    first = take(plain())
    found = inbox.read(plain())
    with transaction():
        row = inbox.take_file(found, workspace=cast.bobs_workspace, user=cast.bob, house=HOUSE, now=now)
        assert row.id != first.id
        assert (row.kind, row.workspace_id) == (Came.OFFER, cast.bobs_workspace.id)


AWAY = {"subject": "Out of office", "Auto_Submitted": "auto-replied"}


def test_what_a_program_wrote_is_no_touch_as_a_file_either(cast: Cast, now: datetime) -> None:
    found = inbox.read(plain("I am back on 30 March 2026.", to=ALICE, **AWAY))
    with transaction():
        row = inbox.take_file(found, workspace=cast.workspace, user=cast.alice, house=HOUSE, now=now)
    assert (row.kind, row.sentence) == (Came.AUTO_REPLY, "Ada Okafor is away until 30 March 2026.")
    assert last(cast.ada)[0] is Happened.AUTO_REPLY
    assert db.session.get_one(Contact, cast.ada.id).touched_at is None


def test_nor_where_it_was_forwarded(take: Take, box: str, cast: Cast) -> None:
    text = FORWARDED.replace("Subject: Your questions", "Subject: Automatic reply: Your questions")
    row = take(plain(text, sender=ALICE, to=box, subject="Fwd: Automatic reply: Your questions"))
    assert row.kind is Came.AUTO_REPLY
    assert db.session.get_one(Contact, cast.ada.id).touched_at is None
