"""The whole way, with the product running as people run it: from an account to a reminded thank-you."""

from __future__ import annotations

import json
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError

import pytest
import vobject

from tests.services.live import Live
from tests.services.smtp import Letter, SmtpServer

LIST = (
    'Notes:\r\n"Some addresses are missing."\r\n\r\n'
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
    "Zoë,Lind,https://www.linkedin.com/in/zoe-x,zoe@example.com,Lakeside Water,Supervisor,12 Mar 2024\r\n"
    "Omar,Haddad,https://www.linkedin.com/in/omar-x,,Clearwell,Operator,03 Jan 2023\r\n"
    "Omar,Haddad,https://www.linkedin.com/in/omar-x,,Clearwell,Operator,03 Jan 2023\r\n"
).encode("utf-8-sig")


class Caller:
    """A program with a token."""

    def __init__(self, live: Live, email: str, token: str) -> None:
        self.email = email
        self._root, self._token = live.url, token

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer, read as JSON."""
        return self._send(method, path, json.dumps(body or {}).encode(), "application/json")

    def upload(self, name: str, content: bytes) -> Any:
        """A list, as a form sends it."""
        head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + b"\r\n--cut--\r\n"
        return self._send("POST", "/imports", body, "multipart/form-data; boundary=cut")

    def _send(self, method: str, path: str, body: bytes, kind: str) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        data = None if method == "GET" else body
        request = urllib.request.Request(f"{self._root}/api/v1{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.loads(answer.read())
        except HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error


@pytest.fixture
def caller(live: Live) -> Caller:
    """A new user's program."""
    email = f"user{time.monotonic_ns()}@example.org"
    live.crm(
        "user",
        "add",
        email,
        "--name",
        "Uma Berg",
        "--timezone",
        "Europe/Oslo",
        "--password-stdin",
        text="long enough\n",
    )
    token = live.crm("token", "add", email, "--name", "test")
    assert token.startswith("fika_")
    assert "\n" not in token
    return Caller(live, email, token)


def _until(ask: Any, wanted: Any, seconds: float = 30.0) -> Any:
    last = time.monotonic() + seconds
    while not wanted(found := ask()):
        assert time.monotonic() < last, found
        time.sleep(0.2)
    return found


def _to(smtp_server: SmtpServer, address: str) -> list[Letter]:
    return [letter for letter in smtp_server.letters if letter.recipients == (address,)]


def test_a_list_comes_in_and_comes_in_once(caller: Caller) -> None:
    for added in (2, 0):
        started = caller.upload("Connections.csv", LIST)
        path = f"/imports/{started['id']}"
        done = _until(lambda path=path: caller.call("GET", path), lambda found: found["state"] == "done")
        assert (done["rows"], done["added"], done["refused"]) == (3, added, 0)
    assert [contact["name"] for contact in caller.call("GET", "/contacts")["items"]] == [
        "Omar Haddad",
        "Zoë Lind",
    ]


def test_a_talk_that_took_place_is_thanked_for_in_time_and_reminded_of_once(
    caller: Caller, smtp_server: SmtpServer
) -> None:
    contact = caller.call("POST", "/contacts", {"name": "Ida Moe", "email": "ida@example.com"})
    ended_at = datetime.now(UTC) - timedelta(hours=1)
    starts_at = (ended_at - timedelta(minutes=20)).isoformat()
    interview = caller.call("POST", f"/contacts/{contact['id']}/interviews", {"starts_at": starts_at})
    began = time.monotonic()
    caller.call("POST", f"/interviews/{interview['id']}/complete", {"ended_at": ended_at.isoformat()})
    _until(lambda: _to(smtp_server, caller.email), bool, seconds=60)
    print(f"thank-you reminder after {time.monotonic() - began:.1f} s")
    time.sleep(6)
    (letter,) = _to(smtp_server, caller.email)
    assert "Ida Moe" in letter.message["Subject"]
    assert caller.call("GET", f"/contacts/{contact['id']}")["stage"] == "interviewed"
    assert (
        caller.call("GET", "/messages?state=sent")["items"][0]["message_id"] == letter.message["Message-ID"]
    )


def test_the_feed_and_the_invitation_speak_of_the_same_event(
    caller: Caller, live: Live, smtp_server: SmtpServer
) -> None:
    contact = caller.call("POST", "/contacts", {"name": "Per Aas", "email": "per@example.com"})
    starts_at = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    interview = caller.call("POST", f"/contacts/{contact['id']}/interviews", {"starts_at": starts_at})
    feed = caller.call("POST", "/feeds", {"name": "Talks", "include": ["interviews"], "privacy": "full"})
    with urllib.request.urlopen(feed["url"], timeout=10) as answer:
        event = vobject.readOne(answer.read().decode()).vevent
    (letter,) = _until(lambda: _to(smtp_server, "per@example.com"), bool)
    (part,) = [part for part in letter.message.walk() if part.get_content_type() == "text/calendar"]
    invited = vobject.readOne(part.get_content()).vevent
    assert event.uid.value == invited.uid.value == interview["uid"]
    assert event.dtstart.value == invited.dtstart.value


def test_a_test_reminder_goes_through_scheduler_worker_and_mail_server(
    caller: Caller, smtp_server: SmtpServer
) -> None:
    asked = caller.call("POST", "/rehearsals")
    path = f"/rehearsals/{asked['id']}"
    found = _until(lambda: caller.call("GET", path), lambda one: one["final"])
    assert [step["state"] for step in found["steps"]] == ["done"] * 6, found
    times = [step["at"] for step in found["steps"][:4]]
    assert times == sorted(times)
    assert found["steps"][5]["sentence"].startswith("“250")
    (letter,) = [one for one in smtp_server.wait_for(1) if caller.email in one.recipients]
    assert letter.message["Subject"]
