"""One way through the pages on the other pair: PostgreSQL and a broker of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.services import live as product
from tests.services.live import Live
from tests.services.pairs import POSTGRESQL, Pairs
from tests.services.smtp import SmtpServer


@pytest.fixture
def on_postgresql(pairs: Pairs, smtp_server: SmtpServer, tmp_path: Path) -> Iterator[Live]:
    """The whole product on an empty PostgreSQL."""
    settings = pairs.bare(pairs.settings(POSTGRESQL))
    started = product.start(
        tmp_path / "data",
        DATABASE_URL=settings.database_url.replace("postgresql+psycopg://", "postgresql://"),
        REDIS_URL=str(settings.redis_url),
        SMTP_URL=smtp_server.url,
    )
    yield started
    started.stop()


def test_a_talk_is_planned_and_its_letter_arrives(
    page: Page, on_postgresql: Live, smtp_server: SmtpServer
) -> None:
    desk = Desk(page, on_postgresql, "Mira")
    ada = desk.post("/contacts", name="Ada Okafor", email="ada@example.com")["id"]
    desk.open(f"/contacts/{ada}/interviews/new")
    page.get_by_label("Day").fill("2027-07-12")
    page.get_by_label("Time", exact=True).fill("14:00")
    page.get_by_label("Address").fill("12 Quay Street")
    page.get_by_role("button", name="Set the date").click()
    expect(page.locator("[data-toast]").filter(has_text="Ada is agreed")).to_be_visible()
    desk.open("/board")
    agreed = page.locator("section, div, li").filter(
        has=page.get_by_role("heading", name=re.compile("^Agreed"))
    )
    expect(agreed.get_by_text("Ada Okafor").first).to_be_visible()
    (letter,) = smtp_server.wait_for(1, seconds=40)
    assert letter.recipients == ("ada@example.com",)
