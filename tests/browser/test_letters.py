"""Acting from a letter, by people and by programs that open whatever they find."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import Desk
from tests.browser.fit import is_fit
from tests.services.live import Live
from tests.services.smtp import SmtpServer

#: Everything of ours that a letter, or a page, leads to.
OURS = re.compile(r"http://localhost:\d+/[^\s\"'<>]*")


@pytest.fixture
def vera(page: Page, live: Live) -> Desk:
    """Vera, who has talked with Ove an hour ago."""
    desk = Desk(page, live, "Vera")
    contact = desk.post("/contacts", name="Ove Holm", email="ove@example.com")["id"]
    start = datetime.now(UTC) - timedelta(hours=1)
    talk = desk.post(f"/contacts/{contact}/interviews", starts_at=start.isoformat())["id"]
    desk.post(f"/interviews/{talk}/complete")
    return desk


@pytest.fixture
def letter(vera: Desk, smtp_server: SmtpServer) -> EmailMessage:
    """What she gets: thank him."""
    (taken,) = smtp_server.wait_for(1)
    last = time.monotonic() + 10
    while not vera.get("/messages?state=sent")["items"]:
        assert time.monotonic() < last
        time.sleep(0.1)
    assert taken.message["Subject"].startswith("Thank Ove Holm")
    return taken.message


@pytest.fixture
def outside(browser: Browser) -> Iterator[Page]:
    """A browser that nobody is signed in with, scripts and all."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def standing(desk: Desk) -> list[Any]:
    """All that a link could change, as a program of hers reads it."""
    return [desk.get(path) for path in ("/reminders", "/contacts", "/messages")]


def parts(message: EmailMessage) -> str:
    """Both of them, and the way out that the headers name."""
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    return "\n".join(
        [str(body.get_content()) for body in bodies if body] + [str(message["List-Unsubscribe"])]
    )


def link(message: EmailMessage, name: str) -> str:
    """Where one of the three leads."""
    found = re.search(rf"^{name}: (\S+)", parts(message), re.MULTILINE)
    assert found is not None
    return found[1]


def test_a_scanner_that_opens_and_follows_everything_changes_nothing(
    vera: Desk, letter: EmailMessage, outside: Page
) -> None:
    before = standing(vera)
    seen: set[str] = set()
    found = sorted(set(OURS.findall(parts(letter))))
    assert len([address for address in found if "/a/" in address]) == 2
    assert [address for address in found if "/u/" in address]
    for address in found:
        ahead = [address]
        while ahead and len(seen) < 60:
            here = ahead.pop()
            if here in seen:
                continue
            seen.add(here)
            outside.goto(here)
            outside.wait_for_load_state("networkidle")
            if here == address:
                ahead += outside.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
    assert standing(vera) == before


def test_it_is_done_from_the_letter_and_taken_back(vera: Desk, letter: EmailMessage, outside: Page) -> None:
    outside.goto(link(letter, "Done"))
    is_fit(outside)
    outside.get_by_role("button", name="Yes, it is done").press("Enter")
    expect(outside.get_by_role("heading", name="Done")).to_be_visible()
    is_fit(outside)
    outside.goto(link(letter, "Done"))
    expect(outside.get_by_role("heading", name="This is done already")).to_be_visible()
    outside.get_by_role("button", name="It is not done").click()
    expect(outside.get_by_role("heading", name="It stands as before")).to_be_visible()
    is_fit(outside)
    expect(vera.open("/due").get_by_text("Thank Ove Holm")).to_be_visible()


def test_it_is_put_off_from_the_letter(vera: Desk, letter: EmailMessage, outside: Page) -> None:
    outside.goto(link(letter, "Later"))
    is_fit(outside)
    outside.get_by_role("button", name="Remind me then").click()
    expect(outside.get_by_text("Choose a day, or one of the times above.")).to_be_visible()
    is_fit(outside)
    outside.get_by_role("button", name=re.compile("Tomorrow morning")).click()
    expect(outside.get_by_role("heading", name=re.compile("Put off until tomorrow 08:00"))).to_be_visible()
    is_fit(outside)
    outside.get_by_label("Another day").fill(f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}")
    outside.get_by_role("button", name="Remind me then").click()
    expect(outside.get_by_role("heading", name=re.compile("Put off until .* 08:00"))).to_be_visible()
    outside.get_by_role("button", name="Don’t put it off").click()
    expect(outside.get_by_role("heading", name="It stands as before")).to_be_visible()


def test_opening_it_leads_through_the_sign_in_and_back(
    vera: Desk, letter: EmailMessage, outside: Page
) -> None:
    outside.goto(link(letter, "Open"))
    expect(outside).to_have_url(re.compile("/sign-in"))
    vera.sign_in(outside)
    expect(outside).to_have_url(link(letter, "Open"))
    expect(outside.get_by_role("heading", name="Thank Ove Holm")).to_be_visible()


def test_a_link_that_is_none_says_so(live: Live, outside: Page) -> None:
    outside.goto(f"{live.url}/a/nothing")
    expect(outside.get_by_role("heading", name="This link does not work")).to_be_visible()
    is_fit(outside)


def test_every_kind_of_letter_can_be_looked_at(vera: Desk) -> None:
    page = vera.open("/settings/letters")
    is_fit(page)
    page.get_by_role("link", name="Say thank you within 24 hours").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Thank Mira Solberg")).to_be_visible()
    expect(page.get_by_text("Dear Mira Solberg,").first).to_be_visible()
    is_fit(page)
