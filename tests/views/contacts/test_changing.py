"""One contact: what its page shows, and facts changed in place."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import func, select

from crm.database import db, transaction
from crm.domain import interviews, mail
from crm.models import Activity
from tests.cast import Cast
from tests.views.contacts.reading import add, fresh, text
from tests.views.visitor import Visitor

HOUSE = mail.Letterhead("http://localhost:8000", "crm@example.net")


def test_facts_are_changed_in_place(alice: Visitor, cast: Cast, here: str) -> None:
    page = text(alice.get(f"{here}/edit/facts"))
    assert 'value="ada@example.com"' in page
    facts = {"name": "Ada O.", "email": "ada@example.com", "timezone": "Africa/Lagos", "phone": "0800"}
    answer = alice.post(f"{here}/edit/facts", data=facts)
    assert (answer.status_code, answer.headers["Location"]) == (303, here)
    assert (fresh(cast).name, fresh(cast).phone, fresh(cast).timezone) == ("Ada O.", "0800", "Africa/Lagos")


def test_a_wrong_fact_shows_its_part_again(alice: Visitor, cast: Cast, here: str) -> None:
    answer = alice.post(f"{here}/edit/facts", data={"name": "Ada", "email": "nonsense"})
    assert answer.status_code == 422
    assert 'id="email-error"' in text(answer)
    assert 'value="nonsense"' in text(answer)
    assert fresh(cast).name == "Ada Okafor"


def test_roles_tags_and_notes_are_parts_of_their_own(alice: Visitor, cast: Cast, here: str) -> None:
    alice.post(f"{here}/edit/field", data={"roles": ["supervisor"], "in_field": "now", "interest": ""})
    alice.post(f"{here}/edit/tags", data={"tags": "warm, alum"})
    alice.post(f"{here}/edit/notes", data={"notes": "Likes tea.\r\nNot coffee."})
    ada = fresh(cast)
    assert (ada.roles, ada.in_field, ada.interest) == (("supervisor",), "now", None)
    assert (ada.tag_names, ada.notes) == (["alum", "warm"], "Likes tea.\nNot coffee.")
    alice.post(f"{here}/edit/field", data={})
    assert (fresh(cast).roles, fresh(cast).email) == ((), "ada@example.com")


def test_there_are_no_other_parts(alice: Visitor, here: str) -> None:
    assert alice.get(f"{here}/edit/stage").status_code == 404
    assert alice.post(f"{here}/edit/stage", data={"stage": "thanked"}).status_code == 404


def test_the_page_shows_what_is_due_and_the_way_to_it(alice: Visitor, here: str) -> None:
    page = text(alice.get(here))
    assert "Ask · " in page
    assert f'href="{here}/log"' in page
    assert re.search(r'action="/due/\d+/done"', page)


def test_the_page_shows_their_time_where_it_differs(alice: Visitor, cast: Cast, here: str) -> None:
    # 10:00 UTC is 11:00 in Lagos.
    assert "</svg>11:00 there" in text(alice.get(here))


def test_the_page_shows_talks_letters_and_who_was_referred(
    alice: Visitor, cast: Cast, now: datetime, here: str
) -> None:
    add(cast, "Grace", now, referred_by=cast.ada.id)
    with transaction():
        start = now + timedelta(days=3)
        interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=now, house=HOUSE, place="Room 5")
    page = text(alice.get(here))
    assert "Room 5" in page
    assert "Letters to them" in page
    assert ">Grace</bdi>" in page


def test_nothing_is_written_by_looking(alice: Visitor, cast: Cast, here: str) -> None:
    count = select(func.count()).select_from(Activity)
    before = db.session.scalar(count)
    for path in ("", "/edit/facts", "/log", "/move", "/close"):
        assert alice.get(here + path).status_code == 200
    db.session.rollback()
    assert db.session.scalar(count) == before
