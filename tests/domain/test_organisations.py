"""Organisations: found by any spelling, and known to search by their new name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import contacts, organisations, search
from crm.domain.errors import Invalid, NotFound
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def test_an_employer_is_added_before_anybody_there_is_known(cast: Cast, now: datetime) -> None:
    lab = organisations.add(cast.workspace, {"name": "Kitsap Lab", "website": "kitsap.example"}, now=now)
    assert lab.website == "https://kitsap.example"
    assert organisations.people(lab) == []
    with pytest.raises(Invalid, match="already"):
        organisations.add(cast.workspace, {"name": "KITSAP  lab"}, now=now)
    with pytest.raises(NotFound):
        organisations.get(cast.bobs_workspace, lab.id)


def test_contacts_are_found_by_the_new_name_of_where_they_work(cast: Cast, now: datetime) -> None:
    contacts.change(cast.ada, {"organisation": "Kitsap Lab"}, by=cast.alice, now=now)
    lab = organisations.get(cast.workspace, cast.ada.organisation_id or 0, lock=True)
    organisations.change(lab, {"name": "Harbour Works", "phone": None})
    assert (lab.name, lab.phone) == ("Harbour Works", "")
    assert list(search.contacts(cast.workspace, search.Filter(q="harbour"))) == [cast.ada]
    assert list(search.contacts(cast.workspace, search.Filter(q="kitsap"))) == []
