"""Contacts in a real browser: added in a dialog, changed where they stand, logged, put away and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.browser.fit import is_fit
from tests.services.live import Live

ADA = {
    "name": "Ada Okafor",
    "email": "ada@example.com",
    "timezone": "Africa/Lagos",
    "organisation": "Water Works",
}


@pytest.fixture
def desk(page: Page, live: Live) -> Desk:
    """Otto's browser."""
    return Desk(page, live, "Otto")


@pytest.fixture
def page_of_ada(desk: Desk) -> Page:
    """Ada's page."""
    return desk.open(f"/contacts/{desk.post('/contacts', **ADA)['id']}")


def toast(page: Page, words: str) -> Locator:
    return page.locator("[data-toast]").filter(has_text=words)


def test_a_contact_is_added_in_a_dialog_with_what_is_known_already(desk: Desk) -> None:
    desk.post("/contacts", **ADA)
    page = desk.open("/contacts")
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    is_fit(page)
    organisation = dialog.get_by_label("Organisation")
    organisation.press_sequentially("wat")
    expect(dialog.locator("option[value='Water Works']")).to_be_attached()
    dialog.get_by_label("Referred by").press_sequentially("oka")
    expect(dialog.locator("option[value='Ada Okafor, Water Works']")).to_be_attached()
    name.press("Enter")
    expect(dialog.get_by_text("Please give a name.")).to_be_visible()
    expect(name).to_be_focused()
    expect(organisation).to_have_value("wat")
    name.fill("Grace Hopper")
    dialog.get_by_label("Referred by").fill("ada okafor")
    dialog.get_by_role("button", name="Add contact").click()
    expect(dialog).to_be_hidden()
    expect(toast(page, "Grace Hopper was added.")).to_be_visible()
    page.get_by_role("row").get_by_role("link", name="Grace Hopper").click()
    expect(page.get_by_role("link", name="Ada Okafor")).to_be_visible()


def test_facts_are_changed_where_they_stand(page_of_ada: Page) -> None:
    page, address = page_of_ada, page_of_ada.url
    is_fit(page)
    page.get_by_role("link", name="Edit facts").click()
    facts = page.get_by_role("region", name="Facts")
    expect(facts.get_by_label("Name")).to_be_focused()
    is_fit(page)
    facts.get_by_label("Name").fill("Ada Okafor-Ek")
    facts.get_by_label("E-mail").fill("nonsense")
    facts.get_by_role("button", name="Save").click()
    expect(facts.get_by_text("is not an e-mail address")).to_be_visible()
    expect(facts.get_by_label("E-mail")).to_be_focused()
    facts.get_by_label("E-mail").fill("ada@example.org")
    facts.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Ada Okafor-Ek", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Edit facts")).to_be_focused()
    expect(page).to_have_url(address)


def test_roles_and_tags_are_parts_of_their_own(page_of_ada: Page) -> None:
    page = page_of_ada
    page.get_by_role("link", name="Edit in the field").click()
    page.get_by_role("checkbox", name="Supervisor").check()
    page.get_by_role("radio", name="Champion").check()
    page.get_by_role("button", name="Save").click()
    field = page.get_by_role("region", name="In the field")
    expect(field).to_contain_text("Supervisor")
    expect(field).to_contain_text("Champion")
    page.get_by_role("link", name="Edit tags").click()
    page.get_by_role("textbox", name="Tags").fill("alum, warm")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="alum", exact=True).click()
    expect(page.get_by_role("row").get_by_role("link", name="Ada Okafor")).to_be_visible()


def test_a_note_stands_in_the_timeline_at_once(page_of_ada: Page) -> None:
    page = page_of_ada
    note = page.get_by_label("New note")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("A note needs some text.")).to_be_visible()
    expect(note).to_be_focused()
    note.fill("Met at the fair.\nمرحبا")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_role("region", name="Timeline").get_by_text("Met at the fair.")).to_be_visible()
    expect(note).to_have_value("")


def test_an_answer_of_theirs_suggests_the_next_stage(page_of_ada: Page) -> None:
    page = page_of_ada
    page.get_by_role("link", name="Log", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("group", name="Who reached out?")).to_be_hidden()
    dialog.get_by_role("radio", name="Call").check()
    dialog.get_by_role("radio", name="They did").check()
    is_fit(page)
    dialog.get_by_label("What was said?").fill("Tuesdays are fine.")
    dialog.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("region", name="Timeline").get_by_text("They called")).to_be_visible()
    is_fit(page)
    page.get_by_role("button", name="Move to Agreed").click()
    expect(page.get_by_role("list", name="Stages").locator("[aria-current]")).to_contain_text("Agreed")
    expect(page.get_by_role("button", name="Move to Agreed")).to_have_count(0)
    expect(toast(page, "Ada Okafor is now in Agreed.")).to_be_visible()


def test_what_is_due_leads_to_where_it_is_done(page_of_ada: Page) -> None:
    page = page_of_ada
    page.get_by_role("link", name="Log the ask").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="Ask for a talk")).to_be_checked()
    dialog.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("heading", name=re.compile("^Follow up"))).to_be_visible()


def test_a_contact_is_parked_deleted_and_brought_back(page_of_ada: Page) -> None:
    page, address = page_of_ada, page_of_ada.url
    page.get_by_role("link", name="Park or close").click()
    dialog = page.get_by_role("dialog")
    is_fit(page)
    dialog.get_by_role("radio", name="Parked").check()
    dialog.get_by_role("button", name="Put away").click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    is_fit(page)
    toast(page, "Ada Okafor is parked.").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Reopen")).to_have_count(0)
    page.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile("/contacts$"))
    expect(page.get_by_role("heading", name="No contacts yet")).to_be_visible()
    toast(page, "Ada Okafor is in the trash.").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row").get_by_role("link", name="Ada Okafor")).to_be_visible()
    is_fit(page)
    page.goto(address)
    page.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile("/contacts$"))
    page.goto(address.rpartition("/contacts/")[0] + "/trash")
    is_fit(page)
    page.get_by_role("button", name="Restore Ada Okafor").click()
    expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    is_fit(page)


def test_everything_of_a_name_is_found_from_any_page(desk: Desk) -> None:
    desk.post("/contacts", **ADA)
    page = desk.open("/trash")
    page.keyboard.press("/")
    page.keyboard.type("water oka")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Ada Okafor")).to_be_visible()
    is_fit(page)
    page.get_by_role("searchbox", name="Names, organisations, tags, notes").fill("zzz")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    is_fit(page)


@pytest.mark.parametrize("name", ["Wolfeschlegel" * 15, "محمد بن سلمى الطويل الكبير", "👩🏽‍🔬🧪 " * 40])
def test_no_name_breaks_a_page(desk: Desk, name: str) -> None:
    contact = desk.post(
        "/contacts", name=name[:200], title="x" * 200, organisation="y" * 200, tags=["z" * 50]
    )
    for path in ("/board", "/contacts", f"/contacts/{contact['id']}", f"/contacts/{contact['id']}/move"):
        page = desk.open(path)
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
