"""When letters may come, as one chooses it on the page."""

from __future__ import annotations

from crm.database import db, transaction
from crm.domain import preferences, subscriptions
from crm.models import Kind, MessageKind, Way
from tests.cast import Cast
from tests.views.test_settings import choices
from tests.views.visitor import Visitor

TIMES = {
    "digest_at": "07:15",
    "look_ahead": "y",
    "quiet_from": "22:00",
    "quiet_until": "06:30",
    "days_off": ["sat", "sun"],
}


def test_the_hours_are_kept_and_shown(alice: Visitor, cast: Cast) -> None:
    assert alice.post("/settings/preferences", data=TIMES).status_code == 303
    db.session.rollback()
    kept = preferences.of(cast.alice, cast.workspace.id)
    assert (kept.digest_at, kept.quiet_from, kept.quiet_until) == ("07:15", "22:00", "06:30")
    assert kept.days_off == ("sat", "sun")
    assert kept.look_ahead_next_at is not None
    page = alice.get("/settings/promises").text
    assert 'value="07:15"' in page
    assert 'value="22:00"' in page


def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(alice: Visitor, cast: Cast) -> None:
    answer = alice.post("/settings/preferences", data={**TIMES, "quiet_until": ""})
    assert answer.status_code == 422
    assert "Quiet hours need a beginning and an end." in answer.text
    assert 'value="07:15"' in answer.text
    db.session.rollback()
    assert preferences.of(cast.alice, cast.workspace.id).digest_at == "08:00"


def test_a_kind_goes_into_the_digest_and_the_digest_is_planned(alice: Visitor, cast: Cast) -> None:
    assert alice.post("/settings/promises", data=choices(**{"ask-way": "digest"})).status_code == 303
    db.session.rollback()
    assert subscriptions.way(cast.alice, cast.workspace.id, Kind.ASK) is Way.DIGEST
    assert preferences.of(cast.alice, cast.workspace.id).digest_next_at is not None
    answer = alice.post("/settings/promises", data=choices(**{"ask-way": "pigeon"}))
    assert answer.status_code == 422
    assert answer.text.count("One thing needs another look.") == 1


def test_what_a_number_of_days_means_is_said(alice: Visitor) -> None:
    page = alice.get("/settings/promises").text
    assert "How many days before?" in page.partition('id="prepare"')[2].partition("</fieldset>")[0]
    assert "After how many working days?" in page.partition('id="follow_up"')[2].partition("</fieldset>")[0]
    assert "After how many days?" in page.partition('id="ask"')[2].partition("</fieldset>")[0]


def test_a_digest_that_was_stopped_by_its_link_is_said_and_can_be_started_again(
    alice: Visitor, cast: Cast
) -> None:
    with transaction():
        secret = subscriptions.token(cast.alice, cast.workspace.id, MessageKind.DIGEST)
    assert alice.post(f"/u/{secret}").status_code == 200
    assert "Your daily digest is stopped" in alice.get("/settings/promises").text
    alice.post(f"/u/{secret}", data={"again": "y"})
    assert "Your daily digest is stopped" not in alice.get("/settings/promises").text
