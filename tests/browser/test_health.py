"""How reminders run, in a real browser against the running product: a test reminder is watched to its end."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import Desk
from tests.browser.fit import is_fit
from tests.services.live import Live
from tests.services.smtp import SmtpServer


def test_a_test_reminder_is_watched_on_its_way(page: Page, live: Live, smtp_server: SmtpServer) -> None:
    desk = Desk(page, live, "Mira")
    desk.post("/contacts", name="Ida Moe")
    smtp_server.delay = 1.5
    page = desk.open("/health")
    expect(page.get_by_role("heading", name="Reminders run")).to_be_visible(timeout=30_000)
    is_fit(page)
    page.get_by_role("button", name="Send me a test reminder now").press("Enter")
    walk = page.get_by_role("list", name="The way of the test reminder")
    expect(walk.get_by_text("You asked for it")).to_be_visible()
    # Nobody loads the page anew: each step appears as it happens, with its time.
    expect(walk.get_by_text("The scheduler ticked")).to_be_visible(timeout=20_000)
    expect(walk.get_by_text("A worker took it")).to_be_visible()
    expect(walk.get_by_text("The mail server took it")).to_be_visible(timeout=30_000)
    expect(walk.get_by_text("“250 taken”")).to_be_visible()
    expect(walk.locator("time")).to_have_count(6)
    expect(walk.locator("time").first).to_have_text(re.compile(r"^\d\d:\d\d:\d\d\.\d$"))
    expect(page.locator("#walk[hx-trigger]")).to_have_count(0)
    is_fit(page)
    subjects = [letter.message["Subject"] for letter in smtp_server.letters]
    assert subjects.count("Your test reminder from Fika") == 1
    page.get_by_role("link", name="See the letter").click()
    expect(page.get_by_role("heading", name="Your test reminder from Fika")).to_be_visible()


def test_what_became_of_promises_is_found_and_narrowed(
    page: Page, live: Live, smtp_server: SmtpServer
) -> None:
    desk = Desk(page, live, "Mira")
    contact = desk.post("/contacts", name="Bartholomew von Hohenzollern-Sigmaringen")["id"]
    ended = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    talk = desk.post(f"/contacts/{contact}/interviews", starts_at=ended)["id"]
    desk.post(f"/interviews/{talk}/complete")
    smtp_server.wait_for(1)
    page = desk.open("/due")
    page.get_by_role("link", name="What became of promises").click()
    expect(page.get_by_role("link", name=re.compile("letter (sent|being sent)"))).to_be_visible()
    is_fit(page)
    page.get_by_role("combobox", name="Kind").select_option("Say thank you")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("combobox", name="State").select_option("Snoozed")
    expect(page.get_by_role("heading", name="No such promises")).to_be_visible()
    is_fit(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Take it along (CSV)").click()
    assert download.value.suggested_filename == "promises.csv"


def test_a_test_reminder_needs_no_script(browser: Browser, live: Live, smtp_server: SmtpServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    desk = Desk(context.new_page(), live, "Noor")
    page = desk.open("/health")
    page.get_by_role("button", name="Send me a test reminder now").click()
    expect(page.get_by_text("You asked for it")).to_be_visible()
    smtp_server.wait_for(1)
    page = desk.open("/health")
    expect(page.get_by_text("The scheduler ticked")).to_be_visible()
    context.close()
