"""Looking: what an address stands for, and whether its entries are up to date. One statement a fetch."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from crm.database import glance
from crm.domain import words

_QUERY = """
    SELECT f.id, f.name, f.version, f.recipe, t.token_hash, t.revoked_at IS NOT NULL, f.paused_at IS NOT NULL,
      EXISTS (SELECT 1 FROM feed_marks m WHERE m.feed_id = f.id AND (m.due_at IS NULL OR m.due_at <= :now))
    FROM feed_tokens t JOIN feeds f ON f.id = t.feed_id WHERE t.token_hash = :hash
    """


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


def look(secret: str, *, now: datetime) -> Found | None:
    """What an address stands for; None for one that never was."""
    row = glance(_QUERY, hash=words.digest(secret), now=now)
    return None if row is None else Found(*row)
