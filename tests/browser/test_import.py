"""A list on its way in, as somebody sees it: in a real browser, against the running product."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import Desk
from tests.services.live import Live

LIST = "Firm;Contact;Mail\n" + "".join(
    f"Lab {n % 7};Person {n};person{n}@example.org\n" for n in range(3_000)
)


@pytest.fixture
def zoe(page: Page, live: Live) -> Page:
    """A browser of somebody who has nothing yet."""
    return Desk(page, live, "Zoe").page


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A list with one row that cannot be read."""
    found = tmp_path / "members.csv"
    found.write_text(LIST + "Lab 1;Bad Row;not an address\n", encoding="utf-8")
    return found


def _is_fit(page: Page) -> None:
    """Nothing that axe finds, and nothing that is wider than a telephone."""
    wrong = Axe().run(page).response["violations"]
    assert not wrong, [(one["id"], [node["html"] for node in one["nodes"]]) for one in wrong]
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(before)


def test_a_list_is_looked_at_mapped_watched_and_undone(zoe: Page, live: Live, file: Path) -> None:
    zoe.emulate_media(reduced_motion="reduce")
    zoe.goto(f"{live.url}/imports")
    _is_fit(zoe)
    zoe.get_by_role("link", name="Import a list").click()
    zoe.get_by_label("Where does this list come from?").fill("Chamber of commerce")
    zoe.locator("#file").set_input_files(file)
    _is_fit(zoe)
    zoe.get_by_role("button", name="Look at it").click()
    expect(zoe.get_by_role("heading", name="What the columns hold")).to_be_visible()
    _is_fit(zoe)

    # What a column holds is said, and tried at once.
    employer = zoe.locator("td[data-label=Organisation]").first
    expect(employer).to_have_text("Lab 0")
    zoe.get_by_label("Firm").focus()
    zoe.get_by_label("Firm").select_option(label="Tags")
    expect(employer).to_have_text("")
    expect(zoe.get_by_label("Firm")).to_be_focused()
    zoe.get_by_label("Firm").select_option(label="Organisation")
    expect(employer).to_have_text("Lab 0")

    zoe.get_by_role("button", name="Import the whole list").click()
    # A quick machine may be done before it was asked how far it is.
    done = zoe.get_by_role("heading", name="3,000 people were added")
    expect(zoe.get_by_role("progressbar").or_(done)).to_be_visible(timeout=10_000)
    _is_fit(zoe)
    expect(done).to_be_visible(timeout=40_000)
    expect(zoe.get_by_text("“not an address” is not an e-mail address.")).to_be_visible()
    _is_fit(zoe)
    _is_reported_and_undone(zoe, live)


def _is_reported_and_undone(page: Page, live: Live) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="All of them as CSV").click()
    assert download.value.suggested_filename.endswith("-refused.csv")
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.get_by_text("The 3,000 people that it had added are in the trash")).to_be_visible()
    _is_fit(page)
    page.goto(f"{live.url}/imports")
    expect(page.get_by_role("row", name=re.compile(r"members\.csv.*Undone"))).to_be_visible()
    _is_fit(page)


def test_a_list_comes_in_without_script(browser: Browser, live: Live, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Desk(context.new_page(), live, "Zoe").page
    page.goto(f"{live.url}/imports/new")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_label("Mail").select_option(label="Notes")
    page.get_by_role("button", name="Look again with these columns").click()
    expect(page.get_by_label("Mail")).to_have_value("notes")
    page.get_by_role("button", name="Import the whole list").click()
    done = page.get_by_role("heading", name="3,001 people were added")
    last = time.monotonic() + 40
    while not done.is_visible() and time.monotonic() < last:
        page.get_by_role("link", name="Look again").click()
    expect(done).to_be_visible()
    context.close()


def test_a_file_is_dropped_and_a_far_too_large_one_is_not_even_sent(zoe: Page, live: Live) -> None:
    zoe.goto(f"{live.url}/imports/new")
    drop = """(zone, [name, size]) => {
        const parcel = new DataTransfer();
        parcel.items.add(new File(["Name,E-mail\\nAda Ek,ada@example.org\\n".padEnd(size)], name));
        zone.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: parcel}));
    }"""
    zone = zoe.locator("[data-dropzone]")
    zone.evaluate(drop, ["big.csv", 17 * 1024 * 1024])
    expect(zoe.get_by_text("This file is too large")).to_be_visible()
    expect(zoe.locator("#file")).to_have_value("")
    zone.evaluate(drop, ["small.csv", 0])
    expect(zoe.locator("#file")).to_have_value(re.compile(r"small\.csv$"))
    zoe.get_by_role("button", name="Look at it").click()
    expect(zoe.get_by_role("button", name="Import 1 person")).to_be_visible()


def test_what_was_pasted_outlives_a_mistake(zoe: Page, live: Live) -> None:
    zoe.goto(f"{live.url}/imports/new")
    zoe.get_by_label("Or paste some lines").fill("%PDF-1.7\nAda Ek, Lab")
    zoe.get_by_role("button", name="Look at it").click()
    expect(zoe.get_by_text("This is a PDF, not a list.")).to_be_visible()
    expect(zoe.get_by_label("Or paste some lines")).to_have_value("%PDF-1.7\nAda Ek, Lab")
    _is_fit(zoe)
    zoe.get_by_label("Or paste some lines").fill("Ada Ek, Chemist, Lab, ada@example.org")
    zoe.get_by_role("button", name="Look at it").click()
    expect(zoe.get_by_role("rowheader", name="Ada Ek")).to_be_visible()
