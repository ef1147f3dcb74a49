"""Fields and employers: explored, kept and changed in a real browser against the running product."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.fit import is_fit
from tests.services.live import Live


@pytest.fixture
def desk(page: Page, live: Live) -> Desk:
    """Olu's browser."""
    return Desk(page, live, "Olu")


def test_a_field_is_started_described_and_put_away(desk: Desk) -> None:
    page = desk.open("/campaigns")
    is_fit(page)
    page.get_by_role("link", name="Start one").click()
    page.get_by_label("Field").fill("")
    page.get_by_role("button", name="Explore it").click()
    expect(page.get_by_text("Please give a name for the field you explore.")).to_be_visible()
    page.get_by_label("Field").fill("Water treatment")
    page.get_by_role("button", name="Explore it").click()
    expect(page.get_by_role("heading", name="Water treatment")).to_be_visible()
    is_fit(page)

    here = page.url.rpartition("/")[2]
    for name, role in (("Ida Moe", "practitioner"), ("Jun Ito", "supervisor")):
        desk.post("/contacts", name=name, roles=[role], organisation="Kitsap Lab", campaigns=[here])
    page.reload()
    expect(page.get_by_text("Ida Moe could.")).to_be_visible()
    is_fit(page)

    page.get_by_role("link", name="Edit").click()
    is_fit(page)
    page.get_by_label("What do you want to find out?").fill("Is it work for a chemist?")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("Is it work for a chemist?")).to_be_visible()

    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_text("Which field are you curious about?")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Water treatment")).to_be_visible()


def test_employers_are_kept_found_and_changed_in_place(desk: Desk) -> None:
    page = desk.open("/organisations")
    is_fit(page)
    page.get_by_role("link", name="New organisation").first.click()
    page.get_by_label("Name").fill("Kitsap Lab")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="Kitsap Lab")).to_be_visible()
    is_fit(page)
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Website").fill("ftp://kitsap")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("This is not a web address.")).to_be_visible()
    is_fit(page)
    page.get_by_label("Website").fill("kitsap.example")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("link", name="https://kitsap.example")).to_be_visible()

    desk.post("/contacts", name="Ida Moe", organisation="Harbour Works")
    page = desk.open("/organisations")
    is_fit(page)
    page.get_by_role("searchbox", name="Find an organisation").fill("harb")
    expect(page.get_by_role("link", name="Kitsap Lab")).to_be_hidden()
    page.get_by_role("link", name="Harbour Works").click()
    expect(page.get_by_role("link", name="Ida Moe")).to_be_visible()


def test_what_was_refused_has_the_focus(page: Page, live: Live) -> None:
    page = Desk(page, live, "Noor").open("/settings/promises")
    days = page.locator("#prepare").get_by_label("How many days before?")
    days.fill("0")
    page.locator("form", has=days).get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("alert")).to_contain_text("needs another look")
    expect(days).to_be_focused()
    expect(days).to_be_in_viewport()
