"""Contacts get out of the way, for a while or for good, and come back."""

from __future__ import annotations

from datetime import datetime, timedelta

import time_machine

from crm.database import transaction
from crm.domain import contacts
from tests.cast import Cast
from tests.views.contacts.reading import add, fresh, text
from tests.views.visitor import Visitor


def test_a_referrer_in_the_trash_does_not_stand_in_the_way(
    alice: Visitor, cast: Cast, now: datetime, here: str
) -> None:
    grace = add(cast, "Grace", now)
    with transaction():
        contacts.change(cast.ada, {"referred_by": grace.id}, by=cast.alice, now=now)
        contacts.delete(contacts.get(cast.workspace, grace.id), by=cast.alice, now=now)
    facts = {"name": "Ada", "referred_by": "Grace"}
    assert alice.post(f"{here}/edit/facts", data=facts).status_code == 303
    assert fresh(cast).referred_by_id == grace.id


def test_a_contact_can_be_parked_and_reopened(alice: Visitor, cast: Cast, here: str) -> None:
    assert alice.post(f"{here}/close", data={}).status_code == 422
    answer = alice.post(f"{here}/close", data={"closed": "parked", "next": "/board"})
    assert answer.headers["Location"] == "/board"
    assert "Ada Okafor is parked." in text(alice.get("/contacts"))
    assert f'action="{here}/reopen"' in text(alice.get(here))
    alice.post(f"{here}/reopen")
    assert fresh(cast).closed is None


def test_a_deleted_contact_waits_in_the_trash(alice: Visitor, cast: Cast, here: str) -> None:
    answer = alice.post(f"{here}/delete", headers={"HX-Current-URL": f"http://localhost{here}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/contacts")
    page = text(alice.get("/contacts"))
    assert "Ada Okafor is in the trash." in page
    assert f'action="{here}/restore"' in page
    assert alice.get(here).status_code == 404
    assert "Ada Okafor" in text(alice.get("/trash"))
    assert alice.post(f"{here}/delete").status_code == 303
    answer = alice.post(f"{here}/restore", headers={"Referer": "http://localhost/trash"})
    assert answer.headers["Location"] == "/trash"
    assert alice.get(here).status_code == 200
    assert fresh(cast).deleted_at is None


def test_after_thirty_days_nothing_can_be_restored(
    alice: Visitor, cast: Cast, now: datetime, here: str
) -> None:
    alice.post(f"{here}/delete")
    with time_machine.travel(now + timedelta(days=31)):
        assert "Ada Okafor" not in text(alice.sign_in(cast.alice).get("/trash"))
        assert alice.post(f"{here}/restore").status_code == 409
