"""Every kind of letter, to be looked at before it comes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from crm.database import db
from crm.domain.samples import SAMPLES
from crm.models import Contact, Message, Reminder
from crm.views import headers
from tests.views.visitor import Visitor

pytestmark = pytest.mark.parametrize("pair", ["sqlite"], indirect=True)


def rows() -> list[int]:
    db.session.rollback()
    kinds = (Contact, Message, Reminder)
    return [db.session.scalars(select(func.count()).select_from(kind)).one() for kind in kinds]


def test_all_of_them_are_listed_with_their_subjects(alice: Visitor) -> None:
    before = rows()
    page = alice.get("/settings/letters").text
    for letter, sample in SAMPLES.items():
        assert f'href="/settings/letters/{letter}"' in page
        assert sample.label in page
    assert "Ask Mira Solberg for a talk" in page
    assert rows() == before


@pytest.mark.parametrize("letter", SAMPLES)
def test_each_is_shown_as_it_is_read_and_as_text(alice: Visitor, letter: str) -> None:
    page = alice.get(f"/settings/letters/{letter}")
    assert page.status_code == 200
    assert f'src="/settings/letters/{letter}/frame"' in page.text
    assert '<pre class="letter-text"' in page.text
    frame = alice.get(f"/settings/letters/{letter}/frame")
    assert frame.headers["Content-Security-Policy"] == headers.FRAME_POLICY
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "</html>" in frame.text


def test_an_unknown_one_is_not_there(alice: Visitor) -> None:
    for path in ("/settings/letters/nothing", "/settings/letters/nothing/frame", "/settings/letters/_layout"):
        assert alice.get(path).status_code == 404
