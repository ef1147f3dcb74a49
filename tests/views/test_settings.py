"""Settings: who one is, which reminders come, and the keys of programs."""

from __future__ import annotations

import re

from flask import Flask

from crm.database import db
from crm.domain import subscriptions
from crm.domain.reminders import PROMISES
from crm.models import Kind, MessageKind, Token, Way
from tests.cast import Cast
from tests.views.visitor import Visitor, visit


def choices(**changed: str) -> dict[str, str]:
    """The form of all reminders, as it is sent when nothing was changed but what is given."""
    form: dict[str, str] = {}
    for kind, promise in PROMISES.items():
        form |= {f"{kind}-on": "y", f"{kind}-way": "letter"}
        if promise.days is not None:
            form[f"{kind}-days"] = str(promise.days)
    return {name: value for name, value in {**form, **changed}.items() if value}


def test_name_and_zone_are_changed(alice: Visitor, cast: Cast) -> None:
    assert alice.post("/settings", data={"name": "Alicia", "timezone": "Asia/Kolkata"}).status_code == 303
    db.session.rollback()
    assert (cast.alice.name, cast.alice.timezone) == ("Alicia", "Asia/Kolkata")


def test_mistakes_stand_beside_their_fields(alice: Visitor) -> None:
    answer = alice.post("/settings", data={"name": "", "timezone": "Moon/Crater"})
    assert answer.status_code == 422
    assert "Please give your name." in answer.text
    assert "“Moon/Crater” is not a time zone." in answer.text


def test_the_browsers_zone_is_asked_about_and_not_taken(alice: Visitor) -> None:
    page = alice.get("/settings").text
    assert "data-zone-ask" in page
    assert "data-zone-guess" not in page


def test_delays_and_letters_are_chosen_for_each_kind(alice: Visitor, cast: Cast) -> None:
    sent = choices(**{"ask-days": "7", "close-on": "", "stay_in_touch-way": "digest"})
    assert alice.post("/settings/promises", data=sent).status_code == 303
    db.session.rollback()
    assert cast.workspace.promises["ask"] == {"days": 7}
    assert cast.workspace.promises["close"] == {"off": True}
    assert cast.workspace.promises["follow_up"] == {}
    ways = subscriptions.ways(cast.alice, cast.workspace.id)
    assert ways[MessageKind.STAY_IN_TOUCH] is Way.DIGEST
    assert ways[MessageKind.ASK] is Way.LETTER
    page = alice.get("/settings/promises").text
    assert re.search(r'<input[^>]*name="ask-days"[^>]*value="7"', page)
    assert not re.search(r'<input[^>]*checked[^>]*name="close-on"', page)


def test_one_wrong_number_changes_nothing_and_says_so(alice: Visitor, cast: Cast) -> None:
    for wrong in ("0", "9999", "soon", ""):
        sent = {**choices(**{"close-on": ""}), "ask-days": wrong}
        answer = alice.post("/settings/promises", data=sent)
        assert answer.status_code == 422, wrong
        assert "between 1 and 365" in answer.text
        assert f'value="{wrong}"' in answer.text
    db.session.rollback()
    assert cast.workspace.promises == {}


def test_a_token_is_shown_once_and_works_until_it_is_revoked(web: Flask, alice: Visitor, cast: Cast) -> None:
    answer = alice.post("/settings/tokens", data={"name": "backup"})
    assert answer.status_code == 201
    secret = re.search(r'value="(fika_[^"]+)"', answer.text)
    assert secret is not None
    page = alice.get("/settings/tokens").text
    assert "backup" in page
    assert secret[1] not in page
    key = {"Authorization": f"Bearer {secret[1]}"}
    assert web.test_client().get("/api/v1/contacts", headers=key).status_code == 200
    db.session.rollback()
    token = db.session.query(Token).one().id
    db.session.rollback()
    assert alice.post(f"/settings/tokens/{token}/revoke").status_code == 303
    assert web.test_client().get("/api/v1/contacts", headers=key).status_code == 401


def test_a_token_needs_a_name(alice: Visitor) -> None:
    answer = alice.post("/settings/tokens", data={"name": " "})
    assert answer.status_code == 422
    assert "Please give a name for the token." in answer.text


def test_signing_out_everywhere_else_keeps_this_browser(web: Flask, alice: Visitor, cast: Cast) -> None:
    elsewhere = visit(web, cast.alice)
    assert alice.post("/settings/sessions/end").status_code == 303
    assert alice.get("/settings").status_code == 200
    assert elsewhere.get("/settings").status_code == 303


def test_a_stopped_kind_is_shown_as_stopped(alice: Visitor, cast: Cast) -> None:
    alice.post("/settings/promises", data=choices(**{"ask-way": "off"}))
    db.session.rollback()
    assert subscriptions.way(cast.alice, cast.workspace.id, Kind.ASK) is Way.OFF
