"""Telling: a row for the bell, and one for each device that wants to hear of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.models import Device, Notification, Push


def tell(news: Notification, *, now: datetime) -> Notification:
    """Tell a user what came due; a second one with the same key is the first one.

    It is on its way to the user's devices with the same commit, so nothing is lost when mail is down.
    """
    known = select(Notification).where(Notification.dedupe_key == news.dedupe_key)
    found = db.session.scalars(known).first()
    if found is not None:
        return found
    add(news, now=now)
    db.session.flush()
    return news


def add(news: Notification, *, now: datetime) -> Notification:
    """The same without a look whether it is there: for many at once, whose flush fails where one is."""
    news.created_at = now
    db.session.add(news)
    devices = select(Device).where(Device.workspace_id == news.workspace_id, Device.user_id == news.user_id)
    db.session.add_all(
        Push(workspace_id=news.workspace_id, notification=news, device=device, next_try_at=now)
        for device in db.session.scalars(devices.execution_options(autoflush=False))
    )
    return news
