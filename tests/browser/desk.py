"""Somebody at their desk: an account of their own, a browser that is signed in, and a program's way in."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from functools import cache
from typing import Any

from flask import Flask
from flask_security import hash_password
from playwright.sync_api import Page, expect

from crm.app import create_app
from crm.database import transaction, utcnow
from crm.domain import accounts
from crm.settings import Settings
from tests.services.live import Live

PASSWORD = "a long walk by the harbour"


@cache
def application(url: str, environment: tuple[tuple[str, str], ...]) -> tuple[Flask, str]:
    """The running product's data in this process, and a password's hash: a command for each takes seconds."""
    app = create_app(Settings.read(dict(environment)))
    with app.app_context():
        return app, hash_password(PASSWORD)


def enter(live: Live, name: str, email: str) -> str:
    """Make an account; answers a program's token for it."""
    app, password_hash = application(live.url, tuple(sorted(live.environment.items())))
    facts = {"email": email, "name": name, "timezone": "Europe/Stockholm"}
    with app.app_context(), transaction():
        user = accounts.add(facts, password_hash=password_hash, now=utcnow())
        return accounts.add_token(accounts.workspace_of(user), user, "test", now=utcnow())[1]


class Desk:
    """One user of the running product; the data of others never meet."""

    def __init__(self, page: Page, live: Live, name: str) -> None:
        self.page, self._live = page, live
        self.email = f"{name.lower()}-{uuid.uuid4().hex[:8]}@example.org"
        self._token = enter(live, name, self.email)
        page.goto(f"{live.url}/sign-in")
        self.sign_in(page)

    def sign_in(self, page: Page) -> None:
        """Come in through the page that asks who is there."""
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(re.compile("/sign-in"))

    def open(self, path: str) -> Page:
        """Go to a page."""
        self.page.goto(self._live.url + path)
        return self.page

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Do something through the API, quickly and out of sight."""
        return self._ask(path, json.dumps(body).encode())

    def get(self, path: str) -> dict[str, Any]:
        """What the API answers."""
        return self._ask(path)

    def _ask(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self._live.url}/api/v1{path}", body, headers)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found
