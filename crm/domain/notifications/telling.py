"""Telling: a row for the bell, and one for each device that wants to hear of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
    owner = news.workspace_id, news.user_id
    add(news, devices_of([owner])[owner], now=now)
    db.session.flush()
    return news


def add(news: Notification, devices: Iterable[Device], *, now: datetime) -> None:
    """The same without a look whether it is there: for many at once, whose flush fails where one is."""
    news.created_at = now
    db.session.add(news)
    db.session.add_all(
        Push(workspace_id=news.workspace_id, notification=news, device=device, next_try_at=now)
        for device in devices
    )


def devices_of(owners: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[Device]]:
    """The devices of many, by workspace and user, in one query."""
    found: dict[tuple[int, int], list[Device]] = {owner: [] for owner in owners}
    query = select(Device).where(
        Device.workspace_id.in_({workspace_id for workspace_id, _ in owners}),
        Device.user_id.in_({user_id for _, user_id in owners}),
    )
    for device in db.session.scalars(query):
        found.setdefault((device.workspace_id, device.user_id), []).append(device)
    return found
