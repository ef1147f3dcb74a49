"""Reading back what a page has done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from crm.database import db, transaction
from crm.domain import contacts, timeline
from crm.models import Activity, Contact
from tests.cast import Cast


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def fresh(cast: Cast) -> Contact:
    """Ada as the database knows her now."""
    db.session.rollback()
    db.session.expire_all()
    return contacts.get(cast.workspace, cast.ada.id, deleted=True)


def named(cast: Cast, name: str) -> list[Contact]:
    db.session.rollback()
    return list(db.session.scalars(select(Contact).where(Contact.name == name)))


def entries(cast: Cast) -> list[Activity]:
    return timeline.of(fresh(cast))


def add(cast: Cast, name: str, now: datetime, **facts: Any) -> Contact:
    with transaction():
        return contacts.add(cast.workspace, {"name": name, **facts}, by=cast.alice, now=now)
