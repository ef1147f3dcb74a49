"""The way back leads to pages of ours alone, and never to the form that was just sent."""

from __future__ import annotations

import pytest
from flask import Flask

from crm.views.ways import came_from

HOST = "http://localhost"


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("next_", "current", "referrer", "leads_to"),
    [
        ("/board?campaign=3", "", "", "/board?campaign=3"),
        ("", f"{HOST}/due", f"{HOST}/contacts", "/due"),
        ("", "", f"{HOST}/contacts?q=a%20b", "/contacts?q=a%20b"),
        ("", f"{HOST}/contacts/3/move", f"{HOST}/board", "/board"),
        ("", f"{HOST}/contacts/3/edit/facts", "", ""),
        ("", f"{HOST}/x", f"{HOST}/due", "/due"),
        ("//evil.example/", "", "", ""),
        ("/\\evil.example/", "", "", ""),
        ("https://evil.example/board", "https://evil.example/board", "https://evil.example/", ""),
        ("javascript:alert(1)", "", "", ""),
        ("/board\nSet-Cookie: a=b", "", "", ""),
        ("http://[", "http://[", "", ""),
        ("", "", "", ""),
    ],
)
def test_the_way_back(web: Flask, next_: str, current: str, referrer: str, leads_to: str) -> None:
    headers = {"HX-Current-URL": current, "Referer": referrer}
    with web.test_request_context("/x", method="POST", data={"next": next_}, headers=headers):
        assert came_from() == leads_to
