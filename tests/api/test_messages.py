from __future__ import annotations

from typing import Any

import pytest

from crm.database import transaction
from crm.domain import mail
from crm.models import MessageKind, MessageState
from tests.api.caller import Caller, done, refused
from tests.cast import Cast
from tests.conftest import NOW
from tests.views.things import letter


def write(cast: Cast, **facts: Any) -> str:
    with transaction():
        return str(letter(cast, NOW, **facts).id)


def test_a_letter_is_shown_with_what_became_of_it(alice: Caller, cast: Cast) -> None:
    sent = {"state": MessageState.SENT, "attempts": 2, "sent_at": NOW, "next_try_at": None}
    message_id = write(cast, message_id="<1@example.net>", server_reply="250 2.0.0 taken", **sent)
    assert done(alice.get(f"/messages/{message_id}")) == {
        "id": message_id,
        "to": "ada@example.com",
        "subject": "A talk with Ada Okafor",
        "kind": "invitation",
        "contact": str(cast.ada.id),
        "state": "sent",
        "message_id": "<1@example.net>",
        "attempts": 2,
        "next_try_at": None,
        "sent_at": "2026-03-10T09:00:00Z",
        "server_reply": "250 2.0.0 taken",
        "bounce": None,
        "created_at": "2026-03-10T09:00:00Z",
    }


def test_the_mail_rooms_own_state_is_shown_as_sending(alice: Caller, cast: Cast) -> None:
    inside = (MessageState.SENDING, MessageState.TRANSMITTING, MessageState.DOUBTFUL)
    letters = {write(cast, state=state) for state in inside}
    found = done(alice.get("/messages?state=sending"))["items"]
    assert {message["id"] for message in found} == letters
    assert {message["state"] for message in found} == {"sending"}
    refused(alice.get("/messages?state=transmitting"), 422, "state")


@pytest.mark.parametrize("state", [state for state in MessageState if state not in mail.SHOWN])
def test_letters_are_found_by_their_state(alice: Caller, cast: Cast, state: MessageState) -> None:
    write(cast, state=MessageState.SENT if state == MessageState.WAITING else MessageState.WAITING)
    message_id = write(cast, state=state)
    assert [message["id"] for message in done(alice.get(f"/messages?state={state}"))["items"]] == [message_id]


def test_letters_are_found_by_kind_and_contact_newest_first(alice: Caller, cast: Cast) -> None:
    letters = [
        write(cast, kind=kind) for kind in (MessageKind.DIGEST, MessageKind.ACCOUNT, MessageKind.DIGEST)
    ]
    digests = done(alice.get("/messages?kind=digest"))["items"]
    assert [message["id"] for message in digests] == [letters[2], letters[0]]
    assert len(done(alice.get(f"/messages?contact={cast.ada.id}"))["items"]) == 3
    assert done(alice.get("/messages?contact=abc"))["items"] == []
    refused(alice.get("/messages?kind=postcard"), 422, "kind")
    first = done(alice.get("/messages?limit=2"))
    rest = done(alice.get(f"/messages?limit=2&cursor={first['next']}"))
    assert [message["id"] for message in first["items"] + rest["items"]] == letters[::-1]
