"""Collecting: whose hour for a letter about many things has come, and one broken one holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from crm.database import db
from crm.models import Preference, User

log = logging.getLogger(__name__)


def claim(
    hour: InstrumentedAttribute[datetime | None], now: datetime, limit: int
) -> list[tuple[Preference, User]]:
    """Wishes whose hour has come, and their users, to whom nobody else is writing at the moment.

    Else a step that comes due at the very hour could miss the letter by a moment and wait for a day.
    """
    query = select(Preference, User).join(User, User.id == Preference.user_id).where(hour <= now)
    query = query.order_by(hour).limit(limit).with_for_update(skip_locked=True, key_share=True)
    return [(wished, user) for wished, user in db.session.execute(query)]


def tried(write: Callable[..., None], *args: Any) -> bool:
    """Write for one user; False, and the log says why, where it breaks: the next is somebody else's."""
    try:
        with db.session.begin_nested():
            write(*args)
    except Exception:
        log.exception("A letter about many things could not be written and is tried again later.")
        return False
    return True
