"""The bell in a real browser: live, by keyboard, in two tabs; and what is pushed while no page asks."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from crm import vapid
from crm.database import db, transaction, utcnow
from crm.domain import accounts
from crm.models import Device, User
from tests.browser.desk import Desk, application
from tests.browser.fit import is_fit
from tests.cast import Cast
from tests.services.live import Live
from tests.views.things import news


@pytest.fixture
def desk(page: Page, live: Live) -> Desk:
    """Noor's browser."""
    return Desk(page, live, "Noor")


def tell(live: Live, title: str = "Thank Ada Okafor", **facts: Any) -> str:
    """Something comes due for the user who signed up last; answers its tag."""
    app, _ = application(live.url, tuple(sorted(live.environment.items())))
    with app.app_context(), transaction():
        noor = db.session.scalars(select(User).order_by(User.id.desc())).first()
        assert noor is not None
        workspace = accounts.workspace_of(noor)
        told = news(Cast(noor, noor, None, workspace, workspace), utcnow(), title=title, **facts)  # type: ignore[arg-type]
        return told.tag


def bell(page: Page) -> Any:
    return page.get_by_role("link", name=re.compile("^Notifications"))


def look(page: Page) -> None:
    """What coming back to the tab does, without waiting for the next round."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_the_count_goes_up_by_itself_in_all_tabs(desk: Desk, live: Live, context: BrowserContext) -> None:
    page = desk.open("/due")
    other = context.new_page()
    other.goto(f"{live.url}/notifications")
    expect(other.get_by_text("Nothing yet")).to_be_visible()
    page.evaluate("window.stays = true")
    tell(live)
    # Nothing is pressed and nothing reloaded: the next round finds it.
    expect(page.locator("#bell .nav-count")).to_have_text("1", timeout=15000)
    expect(page.locator("#bell-said")).to_have_text("1 new notification")
    assert page.evaluate("window.stays")
    expect(other.get_by_role("button", name="Thank Ada Okafor")).to_be_visible(timeout=15000)
    other.get_by_role("button", name="Mark all as seen").click()
    expect(other.locator("#bell .nav-count")).to_have_count(0)
    expect(page.locator("#bell .nav-count")).to_have_count(0)


def test_the_panel_opens_by_keyboard_and_leads_to_the_page(desk: Desk, live: Live) -> None:
    page = desk.open("/contacts")
    tell(live)
    tell(live, "Prepare for Grace Hopper", text="The talk is tomorrow.", path="/calendar")
    look(page)
    expect(bell(page)).to_have_attribute("aria-label", "Notifications, 2 new")
    bell(page).focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Notifications")
    expect(panel.get_by_role("listitem")).to_have_count(2)
    expect(bell(page)).to_have_attribute("aria-expanded", "true")
    is_fit(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bell(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/calendar$"))
    expect(bell(page)).to_have_attribute("aria-label", "Notifications, 1 new")


def test_all_are_marked_as_seen_in_the_panel(desk: Desk, live: Live) -> None:
    page = desk.open("/contacts")
    tell(live)
    look(page)
    bell(page).click()
    page.get_by_role("button", name="Mark all as seen").click()
    expect(page.locator("#bell .nav-count")).to_have_count(0)
    expect(page.locator("#news")).to_be_hidden()
    bell(page).click()
    expect(page.locator("#news .news")).to_have_count(1)
    expect(page.locator("#news .is-new")).to_have_count(0)
    bell(page).click()
    expect(page.locator("#news")).to_be_hidden()


def test_the_pages_are_fit_for_everybody(desk: Desk, live: Live) -> None:
    is_fit(desk.open("/notifications"))
    tell(live, "Thank Dr. Wolfeschlegelsteinhausenbergerdorff", text="22 hours are left. " * 10)
    is_fit(desk.open("/notifications"))
    page = desk.open("/settings/notifications")
    expect(page.get_by_text("No devices yet")).to_be_visible()
    is_fit(page)


def test_a_refused_permission_is_explained(desk: Desk, live: Live, context: BrowserContext) -> None:
    page = desk.open("/settings/notifications")
    on = page.get_by_role("button", name="Turn on for this browser")
    expect(on).to_be_visible()
    refused = {"permission": {"name": "notifications"}, "setting": "denied", "origin": live.url}
    context.new_cdp_session(page).send("Browser.setPermission", refused)
    on.click()
    expect(page.get_by_text("was told to refuse")).to_be_visible()
    expect(page.locator("[data-toast]")).to_contain_text("Nothing was turned on")
    expect(on).to_be_hidden()


def test_what_is_pushed_is_shown_once(desk: Desk, live: Live, context: BrowserContext) -> None:
    context.grant_permissions(["notifications"], origin=live.url)
    page = desk.open("/settings/notifications")
    expect(page.get_by_role("button", name="Turn on for this browser")).to_be_visible()
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    line, found = context.new_cdp_session(page), []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    line.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    registration = next(one["registrationId"] for one in found if live.url in one["scopeURL"])
    tag = tell(live)
    told = {"title": "Thank Ada Okafor", "body": "22 hours are left.", "path": "/due", "tag": tag}
    push = {"origin": live.url, "registrationId": registration, "data": json.dumps(told)}
    for _ in range(2):
        line.send("ServiceWorker.deliverPushMessage", push)
    # The worker tells the pages, so that the bell does not wait for its round.
    expect(page.locator("#bell .nav-count")).to_have_text("1", timeout=5000)
    shown = """navigator.serviceWorker.ready.then((ready) => ready.getNotifications()).then((all) =>
        all.map(({title, body, tag, icon, data}) => ({title, body, tag, icon, path: data.path})))"""
    assert page.evaluate(shown) == [{**told, "icon": f"{live.url}/icon.png"}]


def test_another_address_at_the_push_service_is_said_by_the_browser_itself(desk: Desk, live: Live) -> None:
    page = desk.open("/settings/notifications")
    old, fresh = "https://8.8.8.8/old", "https://8.8.8.8/fresh"
    keys = {"p256dh": vapid.public_key("anybody"), "auth": "A" * 22}
    add = """facts => fetch('/settings/notifications', {method: 'POST', body: new URLSearchParams(facts),
        headers: {'X-CSRFToken': document.querySelector('meta[name=csrf-token]').content}})"""
    page.evaluate(add, {"name": "Here", "endpoint": old, **keys})
    with page.context.expect_event("serviceworker") as started:
        page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    # No push service is there to do it, so the event is made here.
    change = """async ([old, fresh, keys]) => {
        const event = new ExtendableEvent('pushsubscriptionchange');
        const done = new Promise((kept) => { event.waitUntil = kept; });
        event.oldSubscription = {endpoint: old};
        event.newSubscription = {toJSON: () => ({endpoint: fresh, keys})};
        self.dispatchEvent(event);
        await done;
    }"""
    started.value.evaluate(change, [old, fresh, keys])
    app, _ = application(live.url, tuple(sorted(live.environment.items())))
    with app.app_context():
        assert list(db.session.scalars(select(Device.endpoint).order_by(Device.id))) == [fresh]
