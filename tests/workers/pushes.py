"""Pushes on their way, for the tests of the worker that carries them."""

from __future__ import annotations

from sqlalchemy import select

from crm.database import db, transaction, utcnow
from crm.models import Device, Push
from tests.cast import Cast
from tests.services.push import PushService
from tests.views.things import browser, news


def tell(cast: Cast, service: PushService, **facts: object) -> Push:
    """Something comes due for Alice, whose browser wants to hear of it."""
    with transaction():
        if not db.session.scalars(select(Device)).all():
            browser(cast, utcnow(), **service.subscription())
        told = news(cast, utcnow(), **facts)
        return db.session.scalars(select(Push).where(Push.notification_id == told.id)).one()


def fresh(row: Push) -> Push:
    """The push as the database has it now."""
    db.session.rollback()
    db.session.refresh(row)
    return row
