"""Signing: a few facts in an address, which only we can have written there."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

#: 128 bits of the signature stay: enough against guessing, and the address fits into a line (RFC 2104 §5).
LENGTH = 16


def sign(facts: bytes, key: bytes) -> str:
    """A token that holds the facts, fit for an address."""
    return urlsafe_b64encode(facts + hmac.digest(key, facts, "sha256")[:LENGTH]).rstrip(b"=").decode()


def facts_in(token: str, size: int, key: bytes) -> bytes | None:
    """The facts of so many bytes in a token that we signed, letter by letter; None for any other."""
    try:
        given = token.encode("ascii")
        facts = urlsafe_b64decode(given + b"=" * (-len(given) % 4))[:size]
    except ValueError:
        return None
    return facts if key and hmac.compare_digest(given, sign(facts, key).encode()) else None
