"""Push services: one encrypted message, one connection, and what the answer means (RFC 8030, 8291, 8292)."""

from __future__ import annotations

import http.client
import logging
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import mktime_tz, parsedate_tz
from enum import StrEnum
from threading import Timer

from crm import push, vapid
from crm.domain import words
from crm.domain.notifications.pushing import Claimed
from crm.push import Endpoint
from crm.settings import Settings

#: Seconds: for each step, and for all of it, however slowly somebody answers.
STEP, WHOLE = 5.0, 10.0
#: So much of an answer is read, in bytes.
MOST = 2000
#: How long a proof of ours holds, in seconds; 24 hours at most (RFC 8292 §2).
PROOF = 12 * 3600
#: The longest that a push service may make us wait.
PATIENCE = timedelta(hours=6)

log = logging.getLogger(__name__)


class Verdict(StrEnum):
    """What an answer means for the push."""

    TAKEN = "taken"
    GONE = "gone"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What the push service said."""

    verdict: Verdict
    reply: str
    wait: timedelta | None = None


class Courier:
    """Carries pushes; knows the installation's keys, and nothing of the database."""

    def __init__(self, settings: Settings) -> None:
        self._trusted = settings.push_hosts
        self._number = vapid.private_number(settings.secret_key)
        self._subject = f"mailto:{settings.mail_from}"

    def send(self, claimed: Claimed) -> Answer:
        """Send one; never raises, since one bad device holds up no other."""
        try:
            endpoint = push.check(claimed.endpoint, self._trusted)
            return _post(endpoint, _encrypted(claimed), self._headers(claimed, endpoint))
        except push.Unknown as problem:
            return Answer(Verdict.LATER, str(problem))
        except push.Refused as problem:
            return Answer(Verdict.REFUSED, str(problem))
        except (OSError, http.client.HTTPException) as error:
            return Answer(Verdict.LATER, f"No connection to the push service: {error}")
        except ValueError as error:
            return Answer(Verdict.REFUSED, f"The keys of this browser are of no use: {error}")
        except Exception as error:
            log.exception("A push ended in a way that nobody thought of.")
            return Answer(Verdict.REFUSED, f"Something unforeseen happened: {error}")

    def _headers(self, claimed: Claimed, endpoint: Endpoint) -> dict[str, str]:
        return {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(claimed.ttl),
            "Topic": claimed.tag,
            "Urgency": "high" if claimed.urgent else "normal",
            "Authorization": self._proof(endpoint),
            "Connection": "close",
        }

    def _proof(self, endpoint: Endpoint) -> str:
        """That it is us who send, signed with the installation's key (RFC 8292)."""
        from py_vapid import Vapid02

        # The library's idea of an address is narrower than ours, which was checked at the start.
        signer = Vapid02.from_raw(vapid.base64url(self._number.to_bytes(32, "big")).encode())
        signer.conf = {"no-strict": True}
        claims = {"aud": endpoint.origin, "exp": int(time.time()) + PROOF, "sub": self._subject}
        return str(signer.sign(claims)["Authorization"])


class Pinned(http.client.HTTPConnection):
    """A connection to addresses that were looked at, whatever the name leads to by now."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint.host, endpoint.port, timeout=STEP)
        self.default_port = push.PORTS[endpoint.scheme]
        self._endpoint = endpoint
        self._line: socket.socket | None = None

    def connect(self) -> None:
        """The first address that answers; with TLS the certificate is the name's."""
        self.sock = _first(self._endpoint)
        if self._endpoint.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._endpoint.host)
        self._line = self.sock

    def cut(self) -> None:
        """Whoever answers a byte at a time has had time enough."""
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


def _first(endpoint: Endpoint) -> socket.socket:
    trouble: OSError = ConnectionError("it has no address")
    for address in endpoint.addresses:
        try:
            return socket.create_connection((address, endpoint.port), STEP)
        except OSError as error:
            trouble = error
    raise trouble


def _encrypted(claimed: Claimed) -> bytes:
    """The message for the device's eyes alone (RFC 8291); ValueError for keys that are none."""
    # Brings two HTTP clients with it, none of which is used here: they look up names on their own.
    from pywebpush import WebPusher

    keys = {"p256dh": claimed.p256dh, "auth": claimed.auth}
    body: bytes = WebPusher({"endpoint": claimed.endpoint, "keys": keys}).encode(claimed.payload)["body"]
    return body


def _post(endpoint: Endpoint, body: bytes, headers: dict[str, str]) -> Answer:
    """Redirects are not followed: they would lead to where nobody looked."""
    line = Pinned(endpoint)
    end = Timer(WHOLE, line.cut)
    end.daemon = True
    end.start()
    try:
        line.request("POST", endpoint.path, body, headers)
        response = line.getresponse()
        said = response.read(MOST).decode(errors="replace")
        return _answer(response.status, said, response.getheader("Retry-After"))
    finally:
        end.cancel()
        line.close()


def _answer(status: int, said: str, retry_after: str | None) -> Answer:
    reply = words.line(f"{status} {http.client.responses.get(status, '')} {said}")[:500]
    if status in (200, 201, 202, 204):
        return Answer(Verdict.TAKEN, reply)
    if status in (404, 410):
        return Answer(Verdict.GONE, reply)
    if status in (408, 425, 429) or status >= 500:
        return Answer(Verdict.LATER, reply, _wait(retry_after or ""))
    return Answer(Verdict.REFUSED, reply)


def _wait(retry_after: str) -> timedelta | None:
    """Seconds, or a date (RFC 9110 §10.2.3); None for what is neither."""
    if retry_after.isascii() and retry_after.isdigit():
        seconds = float(retry_after[:9])
    elif date := parsedate_tz(retry_after):
        try:
            seconds = mktime_tz(date) - time.time()
        except (ValueError, OverflowError):
            return None
    else:
        return None
    return timedelta(seconds=min(max(seconds, 0.0), PATIENCE.total_seconds()))
