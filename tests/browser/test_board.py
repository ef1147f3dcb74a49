"""The board in a real browser: by mouse, by touch, by keyboard, and in two tabs at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.desk import Desk
from tests.browser.fit import is_fit
from tests.services.live import Live

PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def desk(page: Page, live: Live) -> Desk:
    """Nadia's browser."""
    return Desk(page, live, "Nadia")


def board(desk: Desk, *names: str) -> Page:
    """The board with these people on it, all of them located, ready to be worked with."""
    for name in names:
        desk.post("/contacts", name=name, tags=["alum"] if name == "Ada Okafor" else [])
    page = desk.open("/board")
    page.locator("#columns[data-ready]").wait_for()
    return page


def card(page: Page, name: str) -> Locator:
    return page.locator(".card").filter(has=page.get_by_role("link", name=name, exact=True))


def is_in(page: Page, name: str, stage: str) -> None:
    expect(page.locator(f"#column-{stage}").get_by_role("link", name=name, exact=True)).to_be_visible()


def toast(page: Page, words: str) -> Locator:
    return page.locator("[data-toast]").filter(has_text=words)


def drag(page: Page, name: str, stage: str) -> None:
    """With the mouse, straight across to another column."""
    held = card(page, name)
    held.scroll_into_view_if_needed()
    start, goal = held.bounding_box(), page.locator(f"#cards-{stage}").bounding_box()
    assert start
    assert goal
    y = start["y"] + start["height"] - 10
    page.mouse.move(start["x"] + 50, y)
    page.mouse.down()
    page.mouse.move(start["x"] + 70, y + 12, steps=3)
    page.mouse.move(goal["x"] + goal["width"] / 2, y + 12, steps=8)
    expect(page.locator(f"#cards-{stage} .card-ghost")).to_have_count(1)
    page.mouse.up()


def test_a_card_is_dragged_with_the_mouse_and_the_move_taken_back(desk: Desk) -> None:
    page = board(desk, "Ada Okafor", "Grace Hopper")
    is_fit(page)
    drag(page, "Ada Okafor", "agreed")
    is_in(page, "Ada Okafor", "agreed")
    expect(page.locator("#column-located .count")).to_have_text("1")
    expect(page.locator("#column-agreed .count")).to_have_text("1")
    is_fit(page)
    toast(page, "Ada Okafor is now in Agreed.").get_by_role("link", name="Set the date").click()
    expect(page.get_by_role("dialog").get_by_role("heading", level=1)).to_contain_text("Ada")
    page.keyboard.press("Escape")
    drag(page, "Ada Okafor", "interviewed")
    said = toast(page, "Say thank you within 24 hours.")
    said.get_by_role("button", name="Undo").click()
    expect(toast(page, "Ada Okafor is back in Agreed.")).to_be_visible()
    is_in(page, "Ada Okafor", "agreed")


def test_a_refused_card_springs_back_with_the_reason(desk: Desk) -> None:
    page = board(desk, "Ada Okafor")
    drag(page, "Ada Okafor", "thanked")
    expect(toast(page, "there is nothing to thank for")).to_be_visible()
    is_in(page, "Ada Okafor", "located")


def test_a_step_back_asks_why_and_keeps_what_is_typed(desk: Desk) -> None:
    ada = desk.post("/contacts", name="Ada Okafor")["id"]
    desk.post(f"/contacts/{ada}/stage", stage="agreed")
    page = board(desk)
    drag(page, "Ada Okafor", "located")
    dialog = page.get_by_role("dialog")
    reason = dialog.get_by_label("Why does it go back?")
    expect(reason).to_be_focused()
    is_fit(page)
    dialog.get_by_role("button", name="Move").click()
    expect(dialog.get_by_text("Say in a few words why")).to_be_visible()
    reason.fill("It was somebody else.")
    dialog.get_by_role("button", name="Move").click()
    is_in(page, "Ada Okafor", "located")
    expect(dialog).to_be_hidden()


def test_the_keyboard_alone_moves_a_card(desk: Desk) -> None:
    page = board(desk, "Ada Okafor", "Grace Hopper")
    page.get_by_role("link", name="Ada Okafor", exact=True).focus()
    # Who came last stands first, where nothing else tells them apart.
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name="Grace Hopper", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    is_in(page, "Ada Okafor", "agreed")
    expect(page.get_by_role("link", name="Ada Okafor", exact=True)).to_be_focused()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="Interviewed")).to_be_checked()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    is_in(page, "Ada Okafor", "reconnected")
    expect(page.get_by_role("link", name="Ada Okafor", exact=True)).to_be_focused()


def test_the_menu_moves_a_card_without_script(browser: Browser, desk: Desk, live: Live) -> None:
    board(desk, "Ada Okafor")
    plain = browser.new_context(java_script_enabled=False, storage_state=desk.page.context.storage_state())
    page = plain.new_page()
    page.goto(f"{live.url}/board?q=ada")
    page.get_by_role("link", name="Move Ada Okafor to…").click()
    page.get_by_role("radio", name="Agreed").check()
    page.get_by_role("button", name="Move").click()
    expect(page).to_have_url(re.compile(r"/board\?q=ada$"))
    is_in(page, "Ada Okafor", "agreed")
    page.get_by_role("button", name="Undo").click()
    is_in(page, "Ada Okafor", "located")
    plain.close()


def test_two_tabs_come_to_show_the_same(desk: Desk) -> None:
    page = board(desk, "Ada Okafor")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#columns[data-ready]").wait_for()
    drag(page, "Ada Okafor", "agreed")
    is_in(page, "Ada Okafor", "agreed")
    # It asks every ten seconds; coming back to it asks at once.
    other.bring_to_front()
    other.evaluate("window.dispatchEvent(new Event('focus'))")
    is_in(other, "Ada Okafor", "agreed")


def test_a_tab_that_did_not_know_is_told_and_shown_what_is_true(desk: Desk) -> None:
    page = board(desk, "Ada Okafor")
    desk.post(f"/contacts/{desk_id(page)}/stage", stage="agreed")
    page.get_by_role("link", name="Ada Okafor", exact=True).focus()
    drag(page, "Ada Okafor", "reconnected")
    expect(toast(page, "was moved to Agreed meanwhile")).to_be_visible()
    is_in(page, "Ada Okafor", "agreed")


def test_filters_narrow_the_board_while_one_types(desk: Desk) -> None:
    page = board(desk, "Ada Okafor", "Grace Hopper")
    page.get_by_role("searchbox", name="Find on the board").fill("grace")
    expect(page.locator(".card")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=grace"))
    page.get_by_role("searchbox", name="Find on the board").fill("")
    page.get_by_label("Tag", exact=True).select_option("alum")
    expect(page.locator(".card")).to_have_count(1)
    is_in(page, "Ada Okafor", "located")
    drag(page, "Ada Okafor", "agreed")
    expect(page.locator(".card")).to_have_count(1)


def test_the_phone_shows_one_column_and_drags_to_a_tab(browser: Browser, desk: Desk, live: Live) -> None:
    board(desk, "Ada Okafor", "Grace Hopper")
    state = desk.page.context.storage_state()
    phone = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, storage_state=state)
    page = phone.new_page()
    page.goto(f"{live.url}/board")
    page.locator("#columns[data-ready]").wait_for()
    tabs = page.get_by_role("navigation", name="Stages")
    drag_by_touch(page, card(page, "Ada Okafor"), tabs.get_by_role("link", name="Agreed"))
    expect(toast(page, "Ada Okafor is now in Agreed.")).to_be_visible()
    expect(tabs.get_by_role("link", name="Agreed")).to_contain_text("1")
    tabs.get_by_role("link", name="Agreed").tap()
    expect(card(page, "Ada Okafor")).to_be_in_viewport()
    expect(card(page, "Grace Hopper")).not_to_be_in_viewport()
    is_fit(page)
    phone.close()


def drag_by_touch(page: Page, held: Locator, goal: Locator) -> None:
    """A finger rests on a card, then carries it."""
    start, end = held.bounding_box(), goal.bounding_box()
    assert start
    assert end
    x, y = start["x"] + 60, start["y"] + start["height"] / 2
    to_x, to_y = end["x"] + end["width"] / 2, end["y"] + end["height"] / 2
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    page.wait_for_timeout(350)
    for step in range(1, 9):
        point = {"x": x + (to_x - x) * step / 8, "y": y + (to_y - y) * step / 8}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(30)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_an_empty_workspace_says_what_to_do_next(desk: Desk) -> None:
    page = desk.open("/")
    is_fit(page)
    page.get_by_role("link", name="Add a contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Ada Okafor")
    dialog.get_by_role("button", name="Add contact").click()
    is_in(page, "Ada Okafor", "located")


def desk_id(page: Page) -> str:
    """The id of the only card."""
    return page.locator(".card").get_attribute("data-id") or ""
