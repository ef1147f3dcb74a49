"""Looking: what an address stands for, and whether its entries are up to date. One statement a fetch."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection

from crm.database import UTCDateTime
from crm.domain import words

_QUERY = text(
    """
    SELECT f.id, f.name, f.version, f.recipe, t.token_hash, t.revoked_at IS NOT NULL, f.paused_at IS NOT NULL,
      EXISTS (SELECT 1 FROM feed_marks m WHERE m.feed_id = f.id AND (m.due_at IS NULL OR m.due_at <= :now))
    FROM feed_tokens t JOIN feeds f ON f.id = t.feed_id WHERE t.token_hash = :hash
    """
).bindparams(bindparam("now", type_=UTCDateTime))


class Found(NamedTuple):
    """What stands behind an address."""

    feed_id: int
    name: str
    version: int
    recipe: str
    #: What of the address is kept; different for every feed that ever was.
    token_hash: str
    is_revoked: bool
    is_paused: bool
    #: Whether something changed that the stored entries do not show.
    is_marked: bool


def look(connection: Connection, secret: str, *, now: datetime) -> Found | None:
    """What an address stands for; None for one that never was."""
    row = connection.execute(_QUERY, {"hash": words.digest(secret), "now": now}).first()
    return None if row is None else Found(*row)
