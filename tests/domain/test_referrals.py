"""Who led to whom: found again by what people call them."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import contacts, referrals
from crm.domain.errors import Invalid
from crm.models import Contact
from tests.cast import Cast


def add(cast: Cast, name: str, now: datetime, organisation: str = "") -> Contact:
    facts = {"name": name, "organisation": organisation}
    return contacts.add(cast.workspace, facts, by=cast.alice, now=now)


def test_a_name_or_a_label_finds_its_contact(cast: Cast, now: datetime) -> None:
    with transaction():
        one = add(cast, "Lovelace, Ada", now, "Engines, Ltd")
        other = add(cast, "Lovelace, Ada", now, "Navy")
    for text, found in (
        ("ADA  okafor", cast.ada),
        ("lovelace, ada, engines, ltd", one),
        ("Lovelace, Ada, Navy", other),
        (f"whoever (#{one.id})", one),
        ("", None),
    ):
        assert referrals.find(cast.workspace, text) == found


@pytest.mark.parametrize("text", ["Lovelace", "Somebody", "(#999999)", "Ada Okafor, Navy"])
def test_nobody_is_found_by_what_nobody_is_called(cast: Cast, text: str) -> None:
    with pytest.raises(Invalid, match="No contact of yours"):
        referrals.find(cast.workspace, text)


def test_whatever_is_suggested_finds_one(cast: Cast, now: datetime) -> None:
    with transaction():
        for organisation in ("", "", "Navy", "Navy", "Mill"):
            add(cast, "Grace", now, organisation)
    found = [referrals.find(cast.workspace, text) for text in referrals.suggest(cast.workspace, "grace")]
    assert len({contact.id for contact in found if contact}) == 5


def test_the_trash_and_other_workspaces_refer_nobody(cast: Cast, now: datetime) -> None:
    with transaction():
        contacts.delete(cast.ada, by=cast.alice, now=now)
    for workspace in (cast.workspace, cast.bobs_workspace):
        assert referrals.suggest(workspace, "ada") == []
        with pytest.raises(Invalid):
            referrals.find(workspace, f"Ada Okafor (#{cast.ada.id})")
