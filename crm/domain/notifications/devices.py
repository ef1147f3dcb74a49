"""Devices: the browsers that show notifications even while no page is open."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.database import db
from crm.domain import fields, words
from crm.domain.errors import Invalid, NotAllowed, NotFound
from crm.models import Device, User, Workspace

#: More browsers than this nobody uses.
MOST = 20
BROKEN = "This browser sent something that no push service understands. Reload the page and try again."
_BASE64 = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def of(workspace: Workspace, user: User) -> list[Device]:
    """The devices of a user, the newest first."""
    query = select(Device).where(Device.workspace_id == workspace.id, Device.user_id == user.id)
    return list(db.session.scalars(query.order_by(Device.id.desc())))


def get(workspace: Workspace, user: User, device_id: int, *, lock: bool = False) -> Device:
    """One device of this user; NotFound otherwise."""
    query = select(Device).where(Device.workspace_id == workspace.id, Device.user_id == user.id)
    query = query.where(Device.id == device_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("device")
    return found


def add(workspace: Workspace, user: User, facts: Mapping[str, Any], *, now: datetime) -> Device:
    """Have notifications sent to a browser: its `name`, `endpoint` and keys (RFC 8291 §2.1).

    Whoever knows an endpoint is that browser, so one that is known becomes this user's. Invalid for
    keys that are none; NotAllowed beyond MOST. That the endpoint is public is the caller's to check.
    """
    facts = fields.clean(facts, FIELDS)
    digest = words.digest(facts["endpoint"])
    if known := _find(digest):
        remove(known)
    _check_room(workspace, user)
    device = Device(
        workspace_id=workspace.id,
        user_id=user.id,
        endpoint_hash=digest,
        created_at=now,
        last_reply="",
        **facts,
    )
    db.session.add(device)
    db.session.flush()
    return device


def renew(old: str, facts: Mapping[str, Any], *, now: datetime) -> Device:
    """A push service gave a browser another `endpoint` and keys; NotFound where none had the `old` one.

    What is on its way goes there then. Whoever knows an endpoint is that browser, signed in or not.
    """
    device = _find(words.digest(old))
    if device is None:
        raise NotFound("device")
    facts = fields.clean({"name": device.name, **facts}, FIELDS)
    digest = words.digest(facts["endpoint"])
    known = _find(digest)
    if known is not None and known is not device:
        remove(known)
    device.endpoint, device.endpoint_hash, device.created_at = facts["endpoint"], digest, now
    device.p256dh, device.auth = facts["p256dh"], facts["auth"]
    return device


def remove(device: Device) -> None:
    """Nothing more goes there; what was on its way is dropped."""
    db.session.delete(device)
    db.session.flush()


def _find(digest: str) -> Device | None:
    query = select(Device).where(Device.endpoint_hash == digest)
    return db.session.scalars(query.with_for_update()).first()


def _check_room(workspace: Workspace, user: User) -> None:
    query = select(func.count(Device.id)).where(
        Device.workspace_id == workspace.id, Device.user_id == user.id
    )
    if (db.session.scalar(query) or 0) >= MOST:
        raise NotAllowed(f"{MOST} browsers get your notifications already. Remove one of them first.")


def _endpoint(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 1000 or not value.isascii():
        raise Invalid(endpoint=BROKEN)
    return value


def _key(length: int, start: bytes = b"") -> fields.Cleaner:
    """So many bytes in base64url without padding."""

    def cleaner(value: Any) -> str:
        text = value.rstrip("=") if isinstance(value, str) else ""
        if not _BASE64.fullmatch(text) or len(text) % 4 == 1:
            raise Invalid(key=BROKEN)
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if len(raw) != length or not raw.startswith(start):
            raise Invalid(key=BROKEN)
        return text

    return cleaner


FIELDS: dict[str, fields.Cleaner] = {
    "name": fields.required("a name for this browser", limit=100),
    "endpoint": _endpoint,
    # A point of P-256, uncompressed, and 16 random bytes.
    "p256dh": _key(65, start=b"\x04"),
    "auth": _key(16),
}
