"""What happened with a contact: notes, touches, and the timeline of both."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from crm.database import transaction
from crm.domain import interviews, thanks, timeline
from crm.models import Direction, Happened, Stage
from tests.cast import Cast
from tests.views.contacts.reading import entries, fresh, text
from tests.views.visitor import Visitor

#: More digits than a row's number has.
HUGE = "9" * 18


def test_a_note_stands_in_the_timeline(alice: Visitor, cast: Cast, here: str) -> None:
    answer = alice.post(f"{here}/note", data={"note": "Met at the fair.\n\nKnows <everybody>."})
    assert answer.status_code == 303
    assert "Knows &lt;everybody&gt;." in text(alice.get(here))
    assert fresh(cast).touched_at is None


def test_an_empty_note_is_refused_on_the_page(alice: Visitor, here: str) -> None:
    answer = alice.post(f"{here}/note", data={"note": " "})
    assert answer.status_code == 422
    assert "A note needs some text." in text(answer)


def test_the_same_note_twice_is_one(alice: Visitor, cast: Cast, here: str) -> None:
    for _ in range(2):
        alice.post(f"{here}/note", data={"note": "Once."})
    assert [entry.text for entry in entries(cast)].count("Once.") == 1


def test_an_ask_is_logged_with_its_time(alice: Visitor, cast: Cast, here: str) -> None:
    assert re.search(r'value="ask"\s+checked', text(alice.get(f"{here}/log")))
    data = {"kind": "ask", "direction": "in", "text": "By mail.", "at": "2026-03-10T10:15", "next": "/due"}
    answer = alice.post(f"{here}/log", data=data)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/due")
    asked = entries(cast)[0]
    assert (asked.kind, asked.direction, f"{asked.at:%H:%M}") == (Happened.ASK, Direction.OUT, "09:15")
    assert fresh(cast).asks == 1


def test_an_answer_of_theirs_suggests_a_move_and_makes_none(alice: Visitor, cast: Cast, here: str) -> None:
    answer = alice.post(f"{here}/log", data={"kind": "call", "direction": "in", "next": "/board"})
    assert answer.headers["Location"] == f"{here}?suggest=agreed"
    assert fresh(cast).stage is Stage.LOCATED
    page = text(alice.get(f"{here}?suggest=agreed"))
    assert "Move to Agreed" in page
    assert "Move to Agreed" not in text(alice.get(f"{here}?suggest=thanked"))
    alice.post(f"{here}/stage", data={"stage": "agreed", "was": "located"})
    assert "Move to Agreed" not in text(alice.get(f"{here}?suggest=agreed"))


def test_a_touch_after_the_thanks_says_that_it_moved(
    alice: Visitor, cast: Cast, now: datetime, here: str
) -> None:
    with transaction():
        talk = interviews.held_at(cast.ada, by=cast.alice, ended_at=now - timedelta(days=2), now=now)
        interviews.complete(talk, by=cast.alice, now=now)
        thanks.record(cast.ada, by_user=cast.alice, now=now)
    alice.post(f"{here}/log", data={"kind": "message", "direction": "out"})
    assert fresh(cast).stage is Stage.RECONNECTED
    assert "Ada Okafor is now in Reconnected." in text(alice.get(here))


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "stage"), ("kind", ""), ("at", "2100-01-01T00:00"), ("at", "soon"), ("direction", "up")],
)
def test_what_cannot_be_logged_is_told_beside_its_field(
    alice: Visitor, cast: Cast, here: str, field: str, value: str
) -> None:
    data = {"kind": "call", "direction": "out", "text": "Kept.", field: value}
    answer = alice.post(f"{here}/log", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in text(answer)
    assert "Kept." in text(answer)
    assert len(entries(cast)) == 1


def test_a_long_timeline_has_pages(alice: Visitor, cast: Cast, now: datetime, here: str) -> None:
    with transaction():
        for number in range(40):
            at = now + timedelta(minutes=number)
            timeline.write(cast.ada, Happened.NOTE, f"Note {number:02}.", by=cast.alice, at=at, now=at)
    first = text(alice.get(here))
    assert "Note 39." in first
    assert "Note 05." not in first
    earlier = re.findall(rf'href="({here}\?before=[^"]+)"', first)[0]
    second = text(alice.get(earlier.replace("&amp;", "&")))
    assert "Note 05." in second
    assert "Note 39." not in second
    for nonsense in (
        "x",
        "2026-01-01",
        "2026-01-01T00:00:00~5",
        "~",
        "2026-01-01T00:00:00+00:00~x",
        "9999-12-31T23:59:59-23:00~5",
        f"2026-01-01T00:00:00Z~{HUGE}",
    ):
        assert alice.get(f"{here}?before={nonsense}").status_code == 200
