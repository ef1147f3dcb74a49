from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from crm.database import transaction
from crm.domain import inbox
from tests.api.caller import Caller, done, refused
from tests.cast import Cast
from tests.conftest import NOW
from tests.domain.inbox.conftest import HOUSE, token, write
from tests.domain.inbox.mails import bounce, plain


def take(raw: bytes, now: datetime = NOW) -> str:
    found = inbox.read(raw)
    with transaction():
        return str(inbox.take(found, house=HOUSE, now=now).id)


def give(caller: Caller, raw: bytes) -> Any:
    return caller.post(
        "/inbox", data={"file": (BytesIO(raw), "letter.eml")}, content_type="multipart/form-data"
    )


def test_what_came_in_is_listed_with_what_it_means(alice: Caller, cast: Cast) -> None:
    take(plain("Gladly!"))
    (item,) = done(alice.get("/inbox"))["items"]
    assert (item["kind"], item["contact"], item["text"]) == ("reply", str(cast.ada.id), "Gladly!")
    assert (item["sentence"], item["open"]) == ("Ada Okafor wrote to you.", False)
    entry = done(alice.get(f"/contacts/{cast.ada.id}/timeline"))["items"]
    assert ("reply", "in", "Gladly!") in [(one["kind"], one["direction"], one["text"]) for one in entry]


def test_a_letter_that_came_back_says_why(alice: Caller, cast: Cast) -> None:
    letter = write(cast, cast.ada, NOW)
    take(bounce(to=f"crm+b{token(letter)}@fika.example"))
    shown = done(alice.get(f"/messages/{letter.id}"))
    assert shown["state"] == "failed"
    assert shown["bounce"] == {"status": "5.1.1", "reason": "550 5.1.1 <ada@example.com>: no such mailbox"}
    kinds = [one["kind"] for one in done(alice.get(f"/contacts/{cast.ada.id}/timeline"))["items"]]
    assert "bounce" in kinds


def test_a_message_is_given_as_a_file(alice: Caller, cast: Cast) -> None:
    raw = plain("Gladly!", to="alice@example.org", sender="Grace <grace@example.net>")
    offer = done(give(alice, raw), 201)
    assert (offer["kind"], offer["sender"], offer["open"]) == ("offer", "grace@example.net", True)
    assert [one["id"] for one in done(alice.get("/inbox?open=true"))["items"]] == [offer["id"]]
    taken = done(alice.post(f"/inbox/{offer['id']}/accept", json={}))
    assert (taken["kind"], taken["open"]) == ("reply", False)
    contact = done(alice.get(f"/contacts/{taken['contact']}"))
    assert (contact["name"], contact["email"]) == ("Grace", "grace@example.net")
    refused(alice.post(f"/inbox/{offer['id']}/accept", json={}), 409)
    assert done(alice.get("/inbox?open=true"))["items"] == []


def test_an_offer_is_ignored(alice: Caller, cast: Cast) -> None:
    offer = done(give(alice, plain(sender="grace@example.net")), 201)
    assert done(alice.post(f"/inbox/{offer['id']}/ignore", json={}))["open"] is False


def test_what_is_no_message_is_refused(alice: Caller, cast: Cast) -> None:
    refused(give(alice, b"hello"), 422)


def test_others_see_nothing_of_it(bob: Caller, cast: Cast) -> None:
    row = take(plain())
    assert done(bob.get("/inbox"))["items"] == []
    for verb in ("accept", "ignore"):
        refused(bob.post(f"/inbox/{row}/{verb}", json={}), 404)


@pytest.mark.parametrize("query", ["limit=1", "open=false"])
def test_the_list_is_read_in_pages(alice: Caller, cast: Cast, query: str) -> None:
    take(plain("One"))
    take(plain("Two"))
    first = done(alice.get(f"/inbox?{query}"))
    assert len(first["items"]) == (1 if query == "limit=1" else 2)
