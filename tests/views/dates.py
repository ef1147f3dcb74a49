"""Dates by their form: what stands in it, and the one talk that came of it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from werkzeug.test import TestResponse

from crm.database import db, utcnow
from crm.models import Interview
from tests.views.visitor import Visitor

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def date_form(**changed: str) -> dict[str, str]:
    """What stands in the form: the day after tomorrow at two, by phone, with an invitation."""
    day = (utcnow() + timedelta(days=2)).astimezone(STOCKHOLM).date()
    form = {
        "day": day.isoformat(),
        "time": "14:00",
        "timezone": "Europe/Stockholm",
        "minutes": "20",
        "medium": "phone",
        "place": "+46 8 555 01 00",
        "invite": "y",
    }
    return {**form, **changed}


def plan(alice: Visitor, ada: int, **changed: str) -> TestResponse:
    return alice.post(f"/contacts/{ada}/interviews/new", data=date_form(**changed))


def planned() -> Interview:
    """The one talk that there is, as the database has it now."""
    db.session.rollback()
    return db.session.scalars(select(Interview)).one()


def page_after(alice: Visitor, answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
    return alice.get(answer.headers["Location"]).get_data(as_text=True)
