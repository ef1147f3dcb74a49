"""An import from the uploaded bytes to contacts, and back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm.database import db, transaction
from crm.domain import campaigns, contacts, search, timeline
from crm.domain.search import Filter
from crm.domain.transfers import imports, leasing, loading
from crm.models import (
    Contact,
    Import,
    ImportState,
    Kind,
    Organisation,
    Reminder,
    Stage,
    User,
    Workspace,
)
from tests.domain.transfers.loads import TWO, Bring, counts, there, undo
from tests.domain.transfers.test_exports import LINKEDIN
from tests.domain.transfers.test_members import CHAMBER


def test_a_list_becomes_located_contacts_of_their_owner(bring: Bring, desk: Workspace, alice: User) -> None:
    done = bring(LINKEDIN.encode(), source="LinkedIn")
    assert (done.state, done.total, counts(done)) == (ImportState.DONE, 5, (5, 4, 0, 1, 0, 4))
    assert there(desk) == ["Ada Ek, PMP", "Bo", "Trần Thị Mai", "王小明"]
    ada = db.session.scalars(select(Contact).order_by(Contact.id)).first()
    assert ada is not None
    assert (ada.stage, ada.owner_id, ada.source, ada.title) == (
        Stage.LOCATED,
        alice.id,
        "LinkedIn",
        "Chemist",
    )
    assert ada.organisation is not None
    assert ada.organisation.name == "Ek Foods, Inc."
    assert [found.id for found in search.contacts(desk, Filter(q="ek foods"))] == [ada.id]
    assert timeline.of(ada)[0].text == "Imported from list.csv. Source: LinkedIn."


def test_businesses_without_a_person_are_organisations(bring: Bring, desk: Workspace) -> None:
    done = bring(CHAMBER, "members.csv")
    assert counts(done) == (5, 4, 0, 0, 0, 5)
    bakery = db.session.scalars(select(Organisation).where(Organisation.name == "Berg Bakery")).one()
    assert (bakery.phone, bakery.website) == ("530.555.0112", "https://www.berg.example")


@pytest.mark.parametrize("content", [LINKEDIN.encode(), CHAMBER, TWO])
def test_the_same_file_twice_adds_nothing(bring: Bring, desk: Workspace, content: bytes) -> None:
    first = bring(content)
    before = there(desk)
    again = bring(content)
    assert counts(again) == (first.rows, 0, 0, first.added + first.known, 0, 0)
    assert there(desk) == before


def test_what_is_known_is_filled_and_never_overwritten(
    bring: Bring, desk: Workspace, alice: User, now: datetime
) -> None:
    with transaction():
        ada = contacts.add(
            desk, {"name": "Ada Ek", "email": "Ada@example.org", "phone": "1-800"}, by=alice, now=now
        )
    headings = "Name,E-mail,Phone,Title,Company,Tags,Notes"
    text = f"{headings}\nAda Ek,ada@example.org,555-0199,Chemist,Lab,Water,hello\n"
    done = bring(text.encode())
    assert counts(done) == (1, 0, 1, 0, 0, 1)
    db.session.refresh(ada)
    assert (ada.email, ada.phone, ada.title, ada.notes) == ("Ada@example.org", "1-800", "Chemist", "hello")
    assert ada.tag_names == ["Water"]
    assert "chemist" in ada.search_text


def test_bad_rows_are_reported_with_line_and_reason(bring: Bring) -> None:
    done = bring(b"Name,E-mail\nAda Ek,nonsense\nBo Berg,bo@example.org\n=1+1,=x\n")
    assert counts(done) == (3, 1, 0, 0, 2, 0)
    assert [(bad.line, bad.reason) for bad in imports.refusals(done)] == [
        (2, "“nonsense” is not an e-mail address."),
        (4, "“=x” is not an e-mail address."),
    ]
    assert "".join(imports.report(done)) == (
        "\ufeffline,reason\r\n2,“nonsense” is not an e-mail address.\r\n4,“=x” is not an e-mail address.\r\n"
    )


def test_contacts_join_the_campaign_of_the_import(
    bring: Bring, desk: Workspace, alice: User, now: datetime
) -> None:
    bring(TWO)
    with transaction():
        water = campaigns.add(desk, {"name": "Water"}, now=now)
    again = bring(TWO, campaign=water)
    assert counts(again) == (2, 0, 2, 0, 0, 0)
    assert len(search.contacts(desk, Filter(campaign=water.id))) == 2
    undo(again, alice, now)
    assert len(search.contacts(desk, Filter(campaign=water.id))) == 0


def test_asks_are_promised_ten_a_week_and_none_at_once(bring: Bring, now: datetime) -> None:
    bring(b"Name,E-mail\n" + b"".join(b"P%d Ek,p%d@example.org\n" % (n, n) for n in range(25)))
    bring(b"Name,E-mail\n" + b"".join(b"Q%d Ek,q%d@example.org\n" % (n, n) for n in range(5)))
    due = list(
        db.session.scalars(select(Reminder.due_at).where(Reminder.kind == Kind.ASK).order_by(Reminder.id))
    )
    assert min(due) > now + timedelta(days=2)
    weeks = [(at - min(due)).days // 7 for at in due]
    assert [weeks.count(week) for week in range(4)] == [10, 10, 10, 0]
    assert all(at.weekday() < 5 for at in due)


def test_a_workspace_that_wants_no_asks_gets_none(bring: Bring, desk: Workspace) -> None:
    with transaction():
        db.session.get_one(Workspace, desk.id).promises = {"ask": {"off": True}}
    bring(TWO)
    assert db.session.scalars(select(func.count(Reminder.id))).one() == 0


def test_a_killed_worker_goes_on_where_the_last_piece_ended(
    bring: Bring, desk: Workspace, now: datetime
) -> None:
    content = b"Name,E-mail\n" + b"".join(b"P%d Ek,p%d@example.org\n" % (n, n) for n in range(250))
    stopped = bring(content, pieces=3)
    assert (stopped.state, stopped.rows, stopped.total) == (ImportState.LOADING, 200, 250)
    with transaction():
        assert leasing.claim(now=now) is None
    with transaction():
        taken_over = leasing.claim(now=now + loading.LEASE + timedelta(seconds=1))
        assert taken_over is not None
        while loading.step(taken_over, now=now):
            pass
    assert counts(db.session.get_one(Import, stopped.id)) == (250, 250, 0, 0, 0, 0)
    assert len(there(desk)) == 250


def test_a_contact_of_another_workspace_is_nobody_here(bring: Bring, desk: Workspace, now: datetime) -> None:
    with transaction():
        bob = User(email="bob@example.org", name="Bob", timezone="UTC", created_at=now)
        bobs = Workspace(name="Bob", promises={}, created_at=now)
        db.session.add_all([bob, bobs])
        db.session.flush()
        contacts.add(bobs, {"name": "Ada Ek", "email": "ada@example.org"}, by=bob, now=now)
    assert counts(bring(TWO)) == (2, 2, 0, 0, 0, 0)


PERSON = st.fixed_dictionaries(
    {
        "Name": st.sampled_from(["Ada Ek", "Bo Ek", "Ada", "Ek, Ada", "", "Ada Ek / Bo Ek", "TBD"]),
        "E-mail": st.sampled_from(["", "", "ada@example.org", "ek@example.org", "info@example.org", "bad"]),
        "Phone": st.sampled_from(["", "", "555-0100", "555-0199"]),
        "Company": st.sampled_from(["", "", "Lab", "LAB ", "Foods"]),
        "Title": st.sampled_from(["", "", "Chemist", "Nurse"]),
        "LinkedIn": st.sampled_from(["", "", "", "linkedin.com/in/ada", "https://www.linkedin.com/in/bo/"]),
    }
)


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(PERSON, min_size=1, max_size=12))
def test_any_list_twice_adds_nothing_new(bring: Bring, rows: list[dict[str, str]]) -> None:
    text = "\n".join([",".join(rows[0]), *(",".join(f'"{cell}"' for cell in row.values()) for row in rows)])
    bring(text.encode())
    again = bring(text.encode())
    assert (again.added, again.merged, again.organisations) == (0, 0, 0)
