"""The pages about mail that came in: offers, the dropbox, what was quoted, and what an answer suggests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask

from crm.database import db, transaction
from crm.domain import contacts, inbox, stages
from crm.models import Contact, Cursor, Received, Stage
from tests.cast import Cast
from tests.domain.inbox.conftest import HOUSE, token, write
from tests.domain.inbox.mails import bounce, plain
from tests.views.visitor import Visitor, visit

QUOTED = "Gladly!\n\nOn Mon, 9 Mar 2026 at 08:00, Alice <crm@fika.example> wrote:\n> a talk?"


def take(raw: bytes, now: datetime) -> Received:
    found = inbox.read(raw)
    with transaction():
        return inbox.take(found, house=HOUSE, now=now)


def page(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def give(visitor: Visitor, raw: bytes) -> int:
    form = {"file": (BytesIO(raw), "letter.eml")}
    return visitor.post("/inbox", data=form, content_type="multipart/form-data").status_code


@pytest.fixture
def offered(cast: Cast, now: datetime) -> int:
    """Grace wrote, and is no contact yet."""
    found = inbox.read(plain("Hello <b>you</b>", sender="Grace <grace@example.net>"))
    with transaction():
        row = inbox.take_file(found, workspace=cast.workspace, user=cast.alice, house=HOUSE, now=now)
        return row.id


def test_a_reply_stands_in_the_timeline_with_its_quotation_folded(
    present: datetime, alice: Visitor, cast: Cast
) -> None:
    take(plain(QUOTED), present)
    text = page(alice, f"/contacts/{cast.ada.id}")
    assert "Gladly!" in text
    assert '<details class="quoted">' in text
    assert "&gt; a talk?" in text


def test_a_reply_suggests_a_move_until_it_is_made_or_waved_away(
    present: datetime, alice: Visitor, cast: Cast
) -> None:
    take(plain(QUOTED), present)
    text = page(alice, f"/contacts/{cast.ada.id}")
    assert "wrote to you" in text
    assert "Move to Agreed" in text
    assert alice.post(f"/contacts/{cast.ada.id}/not-yet").status_code == 303
    assert "Move to Agreed" not in page(alice, f"/contacts/{cast.ada.id}")


def test_the_suggestion_is_gone_with_the_move(present: datetime, alice: Visitor, cast: Cast) -> None:
    take(plain(QUOTED), present)
    with transaction():
        ada = db.session.get_one(Contact, cast.ada.id)
        at = present + timedelta(seconds=1)
        stages.enter(ada, Stage.AGREED, by=cast.alice, at=at, now=at)
    assert "Is this a yes?" not in page(alice, f"/contacts/{cast.ada.id}")


def test_an_address_that_is_given_up_says_so(present: datetime, alice: Visitor, cast: Cast) -> None:
    letter = write(cast, cast.ada, present)
    take(bounce(to=f"crm+b{token(letter)}@fika.example"), present)
    assert "letters to this address come back" in page(alice, f"/contacts/{cast.ada.id}")
    assert "no such mailbox" in page(alice, f"/mail/{letter.id}")
    assert "was not delivered to Ada Okafor" in page(alice, "/inbox")


def test_an_offer_becomes_a_contact_with_one_click(alice: Visitor, cast: Cast, offered: int) -> None:
    text = page(alice, "/inbox")
    assert "grace@example.net" in text
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in text
    answer = alice.post(f"/inbox/{offered}/accept")
    assert answer.status_code == 303
    assert "Grace" in page(alice, answer.headers["Location"])
    assert alice.post(f"/inbox/{offered}/accept").status_code == 409


def test_an_offer_is_ignored_with_one_click(alice: Visitor, offered: int) -> None:
    assert alice.post(f"/inbox/{offered}/ignore").status_code == 303
    assert "Not among your contacts yet" not in page(alice, "/inbox")


def test_a_saved_message_is_brought_in(present: datetime, alice: Visitor, cast: Cast) -> None:
    assert give(alice, plain("Gladly!", to="alice@example.org")) == 303
    assert "Ada Okafor wrote to you." in page(alice, "/inbox")
    assert alice.post("/inbox", data={"text": plain("Pasted").decode()}).status_code == 303


def test_what_is_no_message_is_refused_beside_its_field(alice: Visitor) -> None:
    assert give(alice, b"hello") == 422
    for text in ("", "hello", "x" * 300_001):
        answer = alice.post("/inbox", data={"text": text})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.get_data(as_text=True)


def test_the_dropbox_is_shown_where_mail_is_read(
    make: Callable[..., Flask], cast: Cast, present: datetime
) -> None:
    visitor = visit(make(inbound_secret="secret", mail_from="crm@fika.example"), cast.alice)
    first = page(visitor, "/settings/dropbox")
    assert "crm+d" in first
    assert page(visitor, "/settings/dropbox").count("crm+d") == first.count("crm+d")
    assert visitor.post("/settings/dropbox/rotate").status_code == 303
    address = first.partition("crm+d")[2].partition("@")[0]
    assert address not in page(visitor, "/settings/dropbox")


def test_without_a_mailbox_it_says_what_to_do(alice: Visitor) -> None:
    assert "No mailbox is read here" in page(alice, "/settings/dropbox")


def test_the_owner_is_told_of_a_mailbox_that_cannot_be_read(
    make: Callable[..., Flask], cast: Cast, present: datetime
) -> None:
    app = make(imap_url="imap://reader:secret@127.0.0.1:1/INBOX")
    name = inbox.account("127.0.0.1", "1", "reader", "INBOX")
    since = present - timedelta(hours=1)
    with transaction():
        db.session.add(Cursor(account=name, last_uid=0, trouble="They said no.", trouble_since=since))
    visitor = visit(app, cast.alice)
    assert "They said no." in page(visitor, "/health")
    assert "Replies are not read" in page(visitor, "/health/banner")
    assert "They said no." not in page(visit(app, cast.bob), "/health/banner")


def test_a_contact_of_the_same_name_does_not_answer_for_another(
    present: datetime, alice: Visitor, cast: Cast
) -> None:
    with transaction():
        other = contacts.add(cast.workspace, {"name": "Ada Okafor"}, by=cast.alice, now=present)
    take(plain("Gladly!"), present)
    assert "Gladly!" not in page(alice, f"/contacts/{other.id}")
