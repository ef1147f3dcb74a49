"""Sweeping: what nobody asks for any more is forgotten, a part at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from crm.database import db
from crm.models import Notification, Push

#: How long it is known what became of a push.
PUSHES = timedelta(days=30)
#: How long what was seen stands in the list.
SEEN = timedelta(days=90)
#: Few enough that one unit of work stays under 200 ms.
MOST = 500
#: No row of these is at hand in the session that sweeps.
AS_IT_IS = {"synchronize_session": False}


def sweep(*, now: datetime) -> None:
    """Forget old pushes, and what was seen long ago.

    Notifications of reminders stay: the ledger of promises reads in them what became of each step.
    """
    old = select(Push.id).join(Push.notification).where(Notification.created_at < now - PUSHES)
    db.session.execute(delete(Push).where(Push.id.in_(old.limit(MOST))), execution_options=AS_IT_IS)
    seen = select(Notification.id).where(
        Notification.reminder_id.is_(None), Notification.seen_at < now - SEEN
    )
    gone = delete(Notification).where(Notification.id.in_(seen.limit(MOST)))
    db.session.execute(gone, execution_options=AS_IT_IS)
