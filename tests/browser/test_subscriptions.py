"""Subscriptions to the calendar: made, changed and paused in a real browser against the running product."""

from __future__ import annotations

import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.fit import is_fit
from tests.services.live import Live

AGENT = "Mozilla/5.0 Gecko/20100101 Thunderbird/153.7"


@pytest.fixture
def desk(page: Page, live: Live) -> Desk:
    """Olu's browser, with a talk in three days and a field that she explores."""
    desk = Desk(page, live, "Olu")
    contact = desk.post("/contacts", name="Ida Moe", organisation="Kitsap Lab")["id"]
    start = datetime.now(UTC) + timedelta(days=3)
    desk.post(f"/contacts/{contact}/interviews", starts_at=start.isoformat(), invite=False)
    desk.post("/campaigns", name="Water treatment")
    return desk


def test_an_address_is_made_fetched_changed_and_paused(desk: Desk) -> None:
    page = desk.open("/calendar")
    page.get_by_text("More choices").click()
    is_fit(page)
    page.get_by_role("textbox", name="Name").fill("Laptop")
    page.get_by_label("Alarm of the calendar program").select_option(label="An hour before")
    page.get_by_role("button", name="Make an address").click()
    expect(page.get_by_role("heading", name="Your new address")).to_be_visible()
    is_fit(page)
    address = page.get_by_role("textbox", name="Address").input_value()
    expect(page.get_by_role("link", name="Open in Apple Calendar")).to_have_attribute(
        "href", address.replace("http:", "webcal:")
    )
    asked = urllib.request.Request(address, headers={"User-Agent": AGENT})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert b"Interview with Ida Moe" in answer.read()

    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Thunderbird came")).to_be_visible()
    is_fit(page)
    page.get_by_role("link", name="Edit Laptop").click()
    is_fit(page)
    page.get_by_role("textbox", name="Name").fill("")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("Please give a name for the subscription.")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Wall")
    page.get_by_role("checkbox", name="Preparation").check()
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("Talks and Preparation")).to_be_visible()
    page.get_by_role("button", name="Pause Wall").click()
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    is_fit(page)


def test_it_all_works_by_keyboard(desk: Desk) -> None:
    page = desk.open("/calendar")
    page.get_by_role("textbox", name="Name").focus()
    page.keyboard.type("Phone")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your new address")).to_be_visible()
    page.get_by_role("textbox", name="Address").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_focused()
