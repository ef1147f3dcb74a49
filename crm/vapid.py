"""VAPID (RFC 8292): the key pair by which push services know who sends.

It is derived from SECRET_KEY, so that all nodes have the same one and nobody has to keep it. Another
SECRET_KEY is another sender: browsers then have to be asked again.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import cache

PURPOSE = b"fika web push vapid p-256 v1"
#: The order of the curve P-256 (FIPS 186-4, D.1.2.3).
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def private_number(secret_key: str) -> int:
    """The private key, from 1 to ORDER - 1.

    Of 64 bytes, twice what is needed, so that the remainder is as good as even (FIPS 186-4, B.4.1).
    """
    wide = hmac.digest(secret_key.encode(), PURPOSE, hashlib.sha512)
    return int.from_bytes(wide, "big") % (ORDER - 1) + 1


@cache
def public_key(secret_key: str) -> str:
    """The public key as browsers take it: the uncompressed point in base64url."""
    # Weighs more than the page that shows it, and few pages do.
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.derive_private_key(private_number(secret_key), ec.SECP256R1()).public_key()
    return base64url(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def base64url(raw: bytes) -> str:
    """Without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
