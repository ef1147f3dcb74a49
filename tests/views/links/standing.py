"""How things stand, before and after a link was opened."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from crm.database import db
from crm.domain.reminders import links
from crm.domain.reminders.links import Purpose
from crm.models import Reminder, ReminderState


def path(web: Flask, reminder: Reminder, now: datetime, purpose: Purpose) -> str:
    key = web.config["SETTINGS"].letters_key
    return f"/a/{links.sign(reminder, purpose, key=key, now=now)}"


def everything() -> list[tuple[object, ...]]:
    """All promises as they stand."""
    db.session.rollback()
    rows = db.session.scalars(select(Reminder).order_by(Reminder.id))
    return [(row.id, row.state, row.due_at, row.step, row.steps, row.updated_at) for row in rows]


def state(reminder: Reminder) -> ReminderState:
    db.session.rollback()
    return reminder.state
