"""The list of contacts, and the search over everything."""

from __future__ import annotations

import re
from datetime import datetime

from crm.database import transaction
from crm.domain import contacts
from tests.cast import Cast
from tests.counting import statements
from tests.views.contacts.reading import add, text
from tests.views.visitor import Visitor


def test_the_list_is_narrowed_and_paged(alice: Visitor, cast: Cast, now: datetime) -> None:
    for number in range(60):
        add(cast, f"Person {number:02}", now, tags=["crowd"])
    first = text(alice.get("/contacts?tag=crowd"))
    assert "60 contacts" in first
    assert "Ada Okafor" not in first
    after = re.findall(r'href="(/contacts\?[^"]*after=\d+)"', first)[0].replace("&amp;", "&")
    second = text(alice.get(after))
    assert "Person 50" in second
    assert "Person 49" not in second
    before = re.findall(r'href="(/contacts\?[^"]*before=\d+)"', second)[0].replace("&amp;", "&")
    assert "Person 00" in text(alice.get(before))
    assert "Person 50" not in text(alice.get(before))
    assert "60 contacts" in text(alice.get("/contacts?tag=crowd&after=999999999999999999&before=x"))
    assert "Nobody fits" in text(alice.get("/contacts?q=zzz"))


def test_the_list_costs_the_same_however_long_it_is(alice: Visitor, cast: Cast, now: datetime) -> None:
    with statements() as few:
        alice.get("/contacts")
    for number in range(10):
        add(cast, f"Person {number}", now, tags=["a"], organisation=f"Place {number}")
    with statements() as many:
        alice.get("/contacts")
    assert len(many) == len(few) <= 7


def test_search_finds_people_and_places_also_closed_ones(alice: Visitor, cast: Cast, now: datetime) -> None:
    with transaction():
        contacts.change(
            cast.ada, {"closed": "declined", "organisation": "Water Works"}, by=cast.alice, now=now
        )
    page = text(alice.get("/search?q=okafor+WATER"))
    assert "Ada Okafor" in page
    assert "Declined" in page
    assert "Water Works" in text(alice.get("/search?q=water"))
    assert "Nothing found" in text(alice.get("/search?q=%25"))
    assert "Whom do you look for?" in text(alice.get("/search"))
