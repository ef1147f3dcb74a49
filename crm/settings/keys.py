"""Keys derived from SECRET_KEY: one for each purpose, so that none can be used for another's."""

from __future__ import annotations

import hmac


def derived(secret_key: str, purpose: str) -> bytes:
    """32 bytes for one purpose, the same on every node that has the secret."""
    return hmac.digest(secret_key.encode(), purpose.encode(), "sha256")
