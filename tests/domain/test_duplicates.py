"""Who is the same person, and who is not."""

from __future__ import annotations

from typing import Any

import pytest

from crm.domain import duplicates
from crm.domain.duplicates import Known, identity

ADA = {"name": "Ada Ek", "email": "ada@example.org", "organisation": "Kitsap Lab"}


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether somebody is found again, in both orders."""
    found = []
    for first, second in ((one, other), (other, one)):
        known = Known()
        known.add(7, identity(**first))
        found.append(known.find(identity(**second)) == 7)
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADA, {"name": "ADA  EK", "email": "Ada@Example.org"}),
        (ADA, {"name": "Ada Ek, PMP", "email": "ada@example.org"}),
        (ADA, {"name": "ada@example.org", "email": "ada@example.org"}),
        (ADA, {"name": "Ada Ek", "organisation": "kitsap lab"}),
        ({"name": "Bob Ek", "email": "ek@x.example"}, {"name": "Robert Ek", "email": "ek@x.example"}),
        (
            {"name": "Ada Ek", "linkedin_url": "https://www.linkedin.com/in/ada-ek/"},
            {"name": "Ada Berg", "linkedin_url": "http://linkedin.com/in/Ada-Ek"},
        ),
        (
            {"name": "Ada Ek", "phone": "+46 8 555 01 00"},
            {"name": "Ada Ek", "phone": "08-5550100", "organisation": "X"},
        ),
        ({"name": "Bo"}, {"name": "bo"}),
        ({"name": "Bo Ek", "phone": "555-0100"}, {"name": "Bo Ek"}),
    ],
)
def test_the_same_person(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADA, {"name": "Ada Ek", "email": "ada@example.net", "organisation": "Kitsap Lab"}),
        (ADA, {"name": "Ada Ek"}),
        ({"name": "Anna Lind", "email": "info@x.example"}, {"name": "Tom Berg", "email": "info@x.example"}),
        (
            {"name": "Anna Lind", "email": "flowers@x.example"},
            {"name": "Tom Lind", "email": "flowers@x.example"},
        ),
        ({"name": "Bo Ek", "phone": "555-0100"}, {"name": "Bo Ek", "phone": "555-0199"}),
        ({"name": "Bo Ek", "phone": "555-0100"}, {"name": "Bo Ek", "email": "bo@example.org"}),
        ({"name": "Bo Ek", "title": "Chemist"}, {"name": "Bo Ek", "title": "Nurse"}),
        ({"name": "Bo", "organisation": "Lab"}, {"name": "Bo", "organisation": "Foods"}),
    ],
)
def test_different_people(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not same(one, other)


def test_two_of_one_row_who_share_an_address_stay_two_and_are_found_again() -> None:
    anna = identity("Anna Lind", email="lind@x.example", organisation="Lind's", shares_email=True)
    tom = identity("Tom Lind", email="lind@x.example", organisation="Lind's", shares_email=True)
    known = Known()
    known.add(1, anna)
    assert known.find(tom) is None
    known.add(2, tom)
    assert (known.find(anna), known.find(tom)) == (1, 2)


def test_of_several_with_one_address_the_name_decides() -> None:
    known = Known()
    known.add(1, identity("Ada", email="ek@x.example"))
    known.add(2, identity("Ada Ek", email="ek@x.example"))
    assert known.find(identity("Ada Ek", email="ek@x.example")) == 2


def test_a_profile_is_looked_for_in_all_its_spellings() -> None:
    assert "https://www.linkedin.com/in/ada-ek" in duplicates.linkedin_spellings(
        "linkedin.com/in/ada-ek/?x=1"
    )
    assert duplicates.linkedin_spellings("https://example.org/in/ada") == []
