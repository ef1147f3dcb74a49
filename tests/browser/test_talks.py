"""A talk from the date to the thanks, and what is due, in a real browser against the running product."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.desk import Desk
from tests.browser.fit import is_fit
from tests.services.live import Live

ADA = {
    "name": "Ada Okafor",
    "email": "ada@example.com",
    "timezone": "Africa/Lagos",
    "phone": "+234 1 555 0100",
}


@pytest.fixture
def desk(page: Page, live: Live) -> Desk:
    """Mira's browser."""
    return Desk(page, live, "Mira")


def toast(page: Page, words: str) -> Locator:
    """What is said at the foot of the page."""
    return page.locator("[data-toast]").filter(has_text=words)


def test_a_talk_is_planned_moved_called_off_held_and_thanked_for(desk: Desk) -> None:
    ada = desk.post("/contacts", **ADA)["id"]
    page = desk.open(f"/contacts/{ada}/interviews/new")
    is_fit(page)
    page.get_by_label("Day").fill("2027-07-12")
    page.get_by_label("Time", exact=True).fill("14:00")
    expect(page.get_by_text("For Ada: Mon 12 Jul, 13:00 (Africa/Lagos)")).to_be_visible()
    page.get_by_role("radio", name="By phone").check()
    expect(page.get_by_label("Phone number")).to_be_visible()
    page.get_by_role("radio", name="By video").check()
    page.get_by_label("Link to the call").fill("https://talk.example/ada")
    page.get_by_role("button", name="Set the date").click()
    expect(toast(page, "Ada is agreed; the invitation leaves in 10 seconds.")).to_be_visible()
    expect(page.get_by_role("link", name="https://talk.example/ada")).to_be_visible()
    is_fit(page)

    page.get_by_role("link", name="Move").click()
    page.get_by_label("Time", exact=True).fill("15:30")
    page.get_by_role("button", name="Keep the change").click()
    expect(toast(page, "The talk is changed")).to_be_visible()
    expect(page.get_by_text("Mon 12 Jul 2027, 15:30 CEST")).to_be_visible()

    page.get_by_role("button", name="Call off").click()
    expect(page.get_by_text("Cancelled", exact=True).first).to_be_visible()
    toast(page, "The talk is called off").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Planned", exact=True)).to_be_visible()

    page.get_by_role("link", name="It took place").click()
    page.get_by_role("dialog").get_by_label("Notes").fill("Read the annual report of the plant.")
    page.get_by_role("button", name="It took place").click()
    expect(page.get_by_role("heading", name="24 hours left to say thank you")).to_be_visible()
    is_fit(page)

    page.get_by_role("link", name="Say thank you").click()
    expect(page.get_by_text("Read the annual report of the plant.")).to_be_visible()
    is_fit(page)
    page.get_by_role("radio", name="Card posted").check()
    page.get_by_role("button", name="Ada is thanked").click()
    expect(toast(page, "Ada is thanked, within 24 hours of the talk.")).to_be_visible()


def test_notes_are_written_where_they_stand(desk: Desk) -> None:
    page = desk.open(f"/interviews/{talk(desk, 'Ida Moe')}")
    page.get_by_role("link", name="Write").click()
    notes = page.get_by_role("textbox", name="Notes")
    expect(notes).to_be_focused()
    notes.fill("Ask about shifts")
    page.get_by_role("button", name="Keep the notes").click()
    expect(page.get_by_text("Ask about shifts")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/interviews/\d+$"))
    expect(notes).to_be_hidden()


def test_what_is_due_is_put_off_finished_and_taken_back_by_keyboard_alone(desk: Desk) -> None:
    for name in ("Ida Moe", "Jun Ito"):
        interview = talk(desk, name, datetime.now(UTC) - timedelta(hours=2))
        desk.post(f"/interviews/{interview}/complete")
    page = desk.open("/due")
    is_fit(page)
    reach(page, "Later: Thank Ida Moe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button").first).to_be_visible()
    is_fit(page)
    reach(page, "Tomorrow morning")
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("region", name="In the next seven days").get_by_text("Thank Ida Moe")
    ).to_be_visible()
    page.keyboard.press("z")
    expect(toast(page, "it stands as before")).to_be_visible()
    reach(page, "Done: Thank Ida Moe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Thank Ida Moe", exact=True)).to_be_hidden()
    expect(page.get_by_role("link", name="Thank Jun Ito", exact=True)).to_be_focused()
    page.keyboard.press("z")
    expect(page.get_by_role("link", name="Thank Ida Moe", exact=True)).to_be_visible()


def test_the_page_that_a_letter_leads_to_works_without_script(browser: Browser, live: Live) -> None:
    context = browser.new_context(java_script_enabled=False)
    desk = Desk(context.new_page(), live, "Noor")
    desk.post("/contacts", name="Ida Moe")
    page = desk.open("/due")
    page.get_by_role("link", name="Ask Ida Moe for a talk", exact=True).click()
    page.get_by_role("button", name="Next week").click()
    expect(page.get_by_text("Ask Ida Moe for a talk: put off until")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("it stands as before")).to_be_visible()
    context.close()


def talk(desk: Desk, name: str, starts_at: datetime | None = None) -> str:
    """A talk with somebody new; its number."""
    contact = desk.post("/contacts", name=name)["id"]
    at = (starts_at or datetime.now(UTC) + timedelta(days=3)).isoformat()
    return str(desk.post(f"/contacts/{contact}/interviews", starts_at=at)["id"])


def reach(page: Page, name: str) -> None:
    """Press Tab until the focus is on the button or link of that name."""
    wanted = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached with the keyboard.")
