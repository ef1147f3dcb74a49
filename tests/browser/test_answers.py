"""An invitation is answered by somebody without an account, and the seeker sees it, in a real browser."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.domain.invitations import links
from crm.models import Interview
from crm.settings import Settings
from tests.browser.desk import Desk
from tests.browser.fit import is_fit
from tests.services.live import Live

ADA = {"name": "Ada Okafor", "email": "ada@example.com", "timezone": "Africa/Lagos"}
#: Where pictures of every state are put, for whoever wants to look at them.
PICTURES = "FIKA_PICTURES"


@pytest.fixture
def desk(page: Page, live: Live) -> Desk:
    """Mira's browser."""
    return Desk(page, live, "Mira")


@pytest.fixture
def talk(desk: Desk) -> dict[str, Any]:
    """A talk that Ada is invited to."""
    ada = desk.post("/contacts", **ADA)["id"]
    start = (datetime.now(UTC) + timedelta(days=9)).replace(hour=9, minute=0, second=0, microsecond=0)
    place = "12 Marina Road, Lagos Island"
    return desk.post(f"/contacts/{ada}/interviews", starts_at=start.isoformat(), place=place)


@pytest.fixture
def invitation(live: Live, talk: dict[str, Any]) -> str:
    """Where Ada answers."""
    key = Settings.read(dict(live.environment)).letters_key
    return f"{live.url}/i/{links.sign(Interview(id=int(talk['id']), guest=ADA['email']), key=key)}"


def look(page: Page, name: str) -> None:
    """It is fit, and its picture is kept where that is wanted."""
    is_fit(page)
    folder = os.environ.get(PICTURES)
    for width, scheme in ((1440, "light"), (1440, "dark"), (360, "light"), (360, "dark")) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.screenshot(path=Path(folder or "") / f"{name}-{width}-{scheme}.png", full_page=True)


def test_without_a_script_it_is_answered_and_answered_otherwise(
    browser: Browser, desk: Desk, invitation: str, talk: dict[str, Any]
) -> None:
    ada = browser.new_page(java_script_enabled=False)
    ada.goto(invitation)
    ada.get_by_role("button", name="Yes, I will be there").press("Enter")
    expect(ada.get_by_role("heading", name="You said yes")).to_be_visible()
    assert desk.get(f"/interviews/{talk['id']}")["rsvp"] == "accepted"
    ada.get_by_role("link", name="No, I cannot").press("Enter")
    ada.get_by_label("A word with it").fill("I am at sea that week.")
    ada.get_by_role("button", name="No, I cannot").press("Enter")
    expect(ada.get_by_role("heading", name="You said no")).to_be_visible()
    assert desk.get(f"/interviews/{talk['id']}")["rsvp"] == "declined"
    ada.get_by_role("link", name="Not your time zone?").click()
    ada.get_by_label("Your time zone").select_option("Asia/Tokyo")
    ada.get_by_role("button", name="Show my time").click()
    expect(ada.get_by_text("18:00 JST (Asia/Tokyo")).to_be_visible()
    ada.close()


def test_every_page_of_it_is_fit(page: Page, desk: Desk, invitation: str, talk: dict[str, Any]) -> None:
    for choice in ("", "/no", "/another", "/zone"):
        page.goto(invitation + choice)
        look(page, f"invitation{choice.replace('/', '-')}")
    page.goto(f"{invitation}/another")
    page.get_by_label("Day", exact=True).fill((datetime.now(UTC) + timedelta(days=12)).date().isoformat())
    page.get_by_label("Time", exact=True).first.fill("15:00")
    page.get_by_label("A word with it").fill("Mornings are hard for me, but then I am free until four.")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("heading", name="You proposed another time")).to_be_visible()
    look(page, "invitation-proposed")

    desk.open("/board")
    expect(page.get_by_text("Another time?")).to_be_visible()
    look(page, "board")
    desk.open(f"/interviews/{talk['id']}")
    look(page, "talk-proposed")
    page.get_by_role("button", name="Meet then").press("Enter")
    expect(page.get_by_text("No answer yet")).to_be_visible()
    page.goto(f"{invitation}/no")
    page.get_by_role("button", name="No, I cannot").click()
    desk.open(f"/interviews/{talk['id']}")
    expect(page.get_by_text("Said no")).to_be_visible()
    look(page, "talk-declined")
    desk.open("/settings/promises")
    look(page, "settings")
    desk.post(f"/interviews/{talk['id']}/cancel")
    page.goto(invitation)
    expect(page.get_by_role("heading", name="Nothing left to answer")).to_be_visible()
    look(page, "invitation-over")
