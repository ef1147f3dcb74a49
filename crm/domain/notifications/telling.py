"""Telling: a row for the bell, and one for each device that wants to hear of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, tuple_

from crm.database import db
from crm.models import Device, Notification, Push


def tell(news: Notification, *, now: datetime, devices: Sequence[Device] | None = None) -> Notification:
    """Tell a user what came due; a second one with the same key is the first one.

    It is on its way to the user's devices with the same commit, so nothing is lost when mail is down.
    """
    known = select(Notification).where(Notification.dedupe_key == news.dedupe_key)
    found = db.session.scalars(known).first()
    if found is not None:
        return found
    if devices is None:
        owner = news.workspace_id, news.user_id
        devices = devices_of([owner]).get(owner, ())
    add(news, devices=devices, now=now)
    db.session.flush()
    return news


def add(news: Notification, *, devices: Sequence[Device], now: datetime) -> Notification:
    """The same without a look whether it is there: for many at once, whose flush fails where one is."""
    news.created_at = now
    db.session.add(news)
    db.session.add_all(
        Push(workspace_id=news.workspace_id, notification=news, device=device, next_try_at=now)
        for device in devices
    )
    return news


def devices_of(owners: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[Device]]:
    """The devices of several users, each named by the ids of workspace and user."""
    query = select(Device).where(tuple_(Device.workspace_id, Device.user_id).in_(list(owners)))
    found: dict[tuple[int, int], list[Device]] = {}
    for device in db.session.scalars(query.execution_options(autoflush=False)):
        found.setdefault((device.workspace_id, device.user_id), []).append(device)
    return found
