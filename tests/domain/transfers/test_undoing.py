"""An import is undone as a whole, and only where it still stands as it was made."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select

from crm.database import db, transaction
from crm.domain import contacts, pipeline
from crm.domain.errors import NotAllowed
from crm.domain.transfers import loading
from crm.models import (
    Contact,
    Import,
    ImportState,
    Organisation,
    Reminder,
    ReminderState,
    Stage,
    User,
    Workspace,
)
from tests.domain.transfers.loads import TWO, Bring, counts, there, undo
from tests.domain.transfers.test_members import CHAMBER


def test_an_undone_import_leaves_nothing_and_can_be_made_again(
    bring: Bring, desk: Workspace, alice: User, now: datetime
) -> None:
    first = bring(CHAMBER)
    undo(first, alice, now)
    assert there(desk) == []
    assert first.state is ImportState.UNDONE
    states = set(db.session.scalars(select(Reminder.state)))
    assert states == {ReminderState.CANCELLED}
    assert counts(bring(CHAMBER)) == (5, 4, 0, 0, 0, 5)
    with pytest.raises(NotAllowed, match="undone already"):
        undo(first, alice, now)


def test_undoing_gives_merged_fields_back_unless_they_were_changed_since(
    bring: Bring, desk: Workspace, alice: User, now: datetime
) -> None:
    with transaction():
        ada = contacts.add(desk, {"name": "Ada Ek", "email": "ada@example.org"}, by=alice, now=now)
    done = bring(b"Name,E-mail,Phone,Title,Company\nAda Ek,ada@example.org,555-0199,Chemist,Lab\n")
    with transaction():
        contacts.change(contacts.get(desk, ada.id), {"title": "Chief chemist"}, by=alice, now=now)
    undo(done, alice, now)
    db.session.refresh(ada)
    assert (ada.phone, ada.title, ada.organisation) == (None, "Chief chemist", None)
    assert db.session.scalars(select(func.count(Organisation.id))).one() == 0
    assert ada.deleted_at is None


def test_undoing_takes_back_contacts_that_have_walked_on_too(
    bring: Bring, desk: Workspace, alice: User, now: datetime
) -> None:
    done = bring(TWO)
    with transaction():
        ada = contacts.get(
            desk, db.session.scalars(select(Contact.id).order_by(Contact.id)).all()[0], lock=True
        )
        pipeline.move(ada, Stage.AGREED, by=alice, now=now)
    undo(done, alice, now)
    assert there(desk) == []
    assert set(db.session.scalars(select(Reminder.state))) == {ReminderState.CANCELLED}


def test_a_running_import_can_be_stopped_by_undoing_it(
    bring: Bring, desk: Workspace, alice: User, now: datetime
) -> None:
    content = b"Name,E-mail\n" + b"".join(b"P%d Ek,p%d@example.org\n" % (n, n) for n in range(250))
    stopped = bring(content, pieces=3)
    undo(stopped, alice, now)
    with transaction():
        assert not loading.step(db.session.get_one(Import, stopped.id), now=now)
    assert there(desk) == []
