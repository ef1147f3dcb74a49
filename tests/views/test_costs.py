"""What pages ask of the database does not grow with what they show (design, Scale)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.database import transaction, utcnow
from crm.domain import campaigns, contacts, interviews
from tests.cast import Cast
from tests.counting import statements
from tests.views.things import HOUSE
from tests.views.visitor import Visitor

pytestmark = pytest.mark.parametrize("pair", ["sqlite"], indirect=True)


def grow(cast: Cast, number: int) -> int:
    """So many more people in a campaign of their own, each asked for long ago, met, and to be met again."""
    now = utcnow()
    with transaction():
        campaign = campaigns.add(cast.workspace, {"name": f"Field {number}"}, now=now)
        for one in range(number):
            facts = {
                "name": f"Ida {one}",
                "organisation": f"Works {number} {one}",
                "campaigns": [campaign.id],
            }
            contact = contacts.add(cast.workspace, facts, by=cast.alice, now=now - timedelta(days=9))
            talk = interviews.held_at(contact, by=cast.alice, ended_at=now, now=now)
            interviews.complete(talk, by=cast.alice, now=now)
            at = now + timedelta(days=3)
            interviews.plan(contact, by=cast.alice, starts_at=at, now=now, house=HOUSE, invite=False)
        return campaign.id


def asked(alice: Visitor, path: str) -> int:
    with statements() as seen:
        assert alice.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize("path", ["/due", "/campaigns", "/organisations", "/health", "/ledger"])
def test_a_list_asks_the_same_however_long_it_is(cast: Cast, alice: Visitor, path: str) -> None:
    grow(cast, 2)
    few = asked(alice, path)
    grow(cast, 12)
    assert asked(alice, path) == few


def test_a_campaign_and_an_organisation_ask_the_same_however_many_people_they_have(
    cast: Cast, alice: Visitor
) -> None:
    small, large = grow(cast, 2), grow(cast, 12)
    assert asked(alice, f"/campaigns/{small}") == asked(alice, f"/campaigns/{large}")
