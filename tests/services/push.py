"""A real push service: takes what is posted, reads it as the browser would, and answers as told."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from crm.vapid import base64url


@dataclass(frozen=True)
class Pushed:
    """What arrived: its headers, and the message as only the device can read it."""

    path: str
    headers: dict[str, str]
    message: dict[str, str]

    @property
    def claims(self) -> dict[str, Any]:
        """What the sender's proof says (RFC 8292 §2); the signature was looked at when it came."""
        token = self.headers["authorization"].partition("t=")[2].partition(",")[0]
        body = token.split(".")[1]
        found: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return found


@dataclass
class PushService:
    """The service under test, and the one device that it knows."""

    port: int = 0
    pushed: list[Pushed] = field(default_factory=list)
    #: Statuses to answer with, one a request; 201 after the last one.
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    #: What stands in the body of an answer.
    said: bytes = b""
    #: Seconds between the bytes of an answer.
    drip: float = 0.0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen secrets."

    @property
    def host(self) -> str:
        """For PUSH_HOSTS."""
        return f"127.0.0.1:{self.port}"

    def subscription(self, name: str = "one") -> dict[str, str]:
        """What a browser hands over."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        endpoint = f"http://{self.host}/{name}"
        return {"endpoint": endpoint, "p256dh": base64url(point), "auth": base64url(self.auth)}

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """Check the proof, read the message; the status to answer with."""
        assert Vapid02.verify(headers["authorization"]), "the proof is not signed by its key"
        raw = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        self.pushed.append(Pushed(path, headers, json.loads(raw)))
        return self.answers.pop(0) if self.answers else 201


@contextmanager
def serve() -> Iterator[PushService]:
    """Run one until the end of the block."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = service.take(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            self.send_response(status)
            for name, value in service.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(service.said)
            self.drip()

        def drip(self) -> None:
            """Slowly, for as long as anybody listens."""
            while service.drip:
                self.wfile.write(b".")
                time.sleep(service.drip)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a line that was cut is what it is about
    service.port = server.server_address[1]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield service
    finally:
        service.drip = 0.0
        server.shutdown()
        server.server_close()
