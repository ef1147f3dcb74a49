"""Coming in, and one's own settings, in a real browser against the running product."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.fit import is_fit
from tests.services.live import Live
from tests.services.smtp import SmtpServer

PASSWORD = "a walk along the canal"
NEW_PASSWORD = "two walks along the canal"


@pytest.fixture
def email(live: Live) -> str:
    """The address of somebody new, with an account."""
    address = f"yara-{uuid.uuid4().hex[:8]}@example.org"
    live.crm("user", "add", address, "--name", "Yara", "--password-stdin", text=PASSWORD)
    return address


@pytest.fixture
def yara(page: Page, live: Live, email: str) -> Page:
    """Her browser."""
    sign_in(page, live, email)
    return page


def sign_in(page: Page, live: Live, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{live.url}/settings")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def test_a_newcomer_makes_an_account_in_the_zone_of_their_browser(browser: Browser, live: Live) -> None:
    context = browser.new_context(timezone_id="Asia/Kolkata")
    page = context.new_page()
    page.goto(f"{live.url}/sign-up")
    expect(page.get_by_label("Time zone")).to_have_value(re.compile("Asia/(Kolkata|Calcutta)"))
    page.get_by_label("Your name").fill("Wim")
    page.get_by_label("E-mail address").fill(f"wim-{uuid.uuid4().hex[:8]}@example.org")
    page.get_by_label("Time zone").select_option("Europe/Amsterdam")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create my account").click()
    expect(page.get_by_text("Choose at least 8 characters")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Amsterdam")
    is_fit(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    page.get_by_role("button", name="Menu of Wim").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    is_fit(page)
    context.close()


def test_one_comes_in_without_script_to_the_page_one_wanted(browser: Browser, live: Live, email: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live, email)
    expect(page).to_have_url(f"{live.url}/settings")
    context.close()


def test_a_forgotten_password_is_chosen_anew_by_a_letter(
    page: Page, live: Live, email: str, smtp_server: SmtpServer
) -> None:
    page.goto(f"{live.url}/sign-in")
    page.get_by_role("link", name="I forgot my password").click()
    is_fit(page)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_text("a letter with a link is on its way")).to_be_visible()
    (letter,) = smtp_server.wait_for(1)
    assert letter.recipients == (email,)
    body = letter.message.get_body(("plain",))
    assert body is not None
    link = re.search(r"http\S+/reset/\S+", body.get_content())
    assert link is not None
    page.goto(link[0])
    is_fit(page)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    expect(page.get_by_text("Sign in with the new one")).to_be_visible()
    sign_in(page, live, email, NEW_PASSWORD)
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


def test_every_page_of_settings_is_fit_and_the_zone_is_asked_about(yara: Page, live: Live) -> None:
    for path in ("/settings/promises", "/settings/password", "/settings/email", "/settings"):
        yara.goto(live.url + path)
        is_fit(yara)
    offer = yara.get_by_role("button", name="Use that zone")
    chosen = yara.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    if chosen != "UTC":
        offer.click()
        expect(yara.get_by_label("Time zone")).to_have_value(chosen)
    expect(offer).to_be_hidden()


def test_a_token_is_shown_once_to_be_copied(yara: Page, live: Live) -> None:
    yara.goto(f"{live.url}/settings/tokens")
    is_fit(yara)
    yara.get_by_label("What is it for?").fill("backup")
    yara.get_by_role("button", name="Make a token").click()
    expect(yara.get_by_label("Token", exact=True)).to_have_value(re.compile("^fika_"))
    is_fit(yara)
    yara.get_by_role("button", name="Copy").click()
    expect(yara.locator("#toasts")).to_contain_text(re.compile("Copied|Selected"))
    yara.get_by_role("button", name="Revoke backup").click()
    expect(yara.get_by_text("No tokens yet")).to_be_visible()


def test_a_calendar_address_is_made_and_a_program_reads_it(yara: Page, live: Live) -> None:
    yara.goto(f"{live.url}/calendar")
    is_fit(yara)
    yara.get_by_role("textbox", name="Name").fill("Phone")
    yara.get_by_role("button", name="Make an address").click()
    address = yara.get_by_label("Address").input_value()
    is_fit(yara)
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.read().startswith(b"BEGIN:VCALENDAR")
    yara.get_by_role("link", name="Done").click()
    expect(yara.get_by_text(re.compile("Python.* came"))).to_be_visible()
    is_fit(yara)


def test_a_letter_is_shown_as_its_reader_sees_it(
    yara: Page, live: Live, email: str, smtp_server: SmtpServer
) -> None:
    token = live.crm("token", "add", email)
    contact = call(live, token, "/contacts", {"name": "Ida Moe", "email": "ida@example.com"})
    starts_at = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    call(live, token, f"/contacts/{contact['id']}/interviews", {"starts_at": starts_at})
    yara.goto(f"{live.url}/mail")
    is_fit(yara)
    yara.get_by_role("row", name=re.compile("ida@example.com")).get_by_role("link").click()
    expect(yara.get_by_role("button", name="Take it back")).to_be_visible()
    expect(yara.frame_locator("iframe").get_by_text("Yara").first).to_be_visible()
    is_fit(yara)
    yara.get_by_role("button", name="Take it back").click()
    expect(yara.get_by_text("Nobody has heard of it")).to_be_visible()
    assert not [letter for letter in smtp_server.letters if letter.recipients == ("ida@example.com",)]


def call(live: Live, token: str, path: str, body: dict[str, str]) -> dict[str, str]:
    """One call of the API."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{live.url}/api/v1{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, str] = json.loads(answer.read())
        return found
