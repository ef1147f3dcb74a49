"""Somebody at their desk: an account of their own, a browser that is signed in, and a program's way in."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from typing import Any

from playwright.sync_api import Page, expect

from tests.services.live import Live

PASSWORD = "a long walk by the harbour"


class Desk:
    """One user of the running product; the data of others never meet."""

    def __init__(self, page: Page, live: Live, name: str) -> None:
        self.page, self._live = page, live
        email = f"{name.lower()}-{uuid.uuid4().hex[:8]}@example.org"
        zone = ("--timezone", "Europe/Stockholm")
        live.crm("user", "add", email, "--name", name, *zone, "--password-stdin", text=PASSWORD)
        self._token = live.crm("token", "add", email)
        page.goto(f"{live.url}/sign-in")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(re.compile("/sign-in"))

    def open(self, path: str) -> Page:
        """Go to a page."""
        self.page.goto(self._live.url + path)
        return self.page

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Do something through the API, quickly and out of sight."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self._live.url}/api/v1{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found
