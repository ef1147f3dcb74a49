"""Times in the reader's zone and words, for templates. One request has one present: `g.now`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g
from werkzeug.local import LocalProxy

from crm.database import utcnow
from crm.domain import clock, humane, notifications, reminders
from crm.domain.words import plural

#: From here on a card shows that something is near.
SOON = timedelta(days=1)


def register(app: Flask) -> None:
    """Give templates the filters, and what the frame of every page shows."""
    app.jinja_env.filters |= {
        "humane": humanely,
        "exact": exactly,
        "span": humane.span,
        "since": since,
        "day": day,
        "hour": hour,
        "shortly": shortly,
        "tenth": tenth,
        "urgency": urgency,
        "plural": plural,
    }
    app.context_processor(_frame)


def now() -> datetime:
    """The present instant, the same for the whole request."""
    if "now" not in g:
        g.now = utcnow()
    return g.now  # type: ignore[no-any-return]


def zone() -> ZoneInfo:
    """The zone of whoever reads; UTC for somebody who is not signed in."""
    if "zone" not in g:
        user = g.get("user")
        g.zone = clock.zone(user.timezone) if user else ZoneInfo("UTC")
    return g.zone  # type: ignore[no-any-return]


def humanely(at: datetime) -> str:
    """When, and how far that is: "tomorrow 10:00, in 22 hours"."""
    return humane.moment(at, now(), zone())


def exactly(at: datetime) -> str:
    """The whole truth, for hovering."""
    return humane.exact(at, zone())


def day(at: datetime) -> str:
    """Which day: "today", "Tue 1 Dec"."""
    return humane.day(at, now(), zone())


def hour(at: datetime) -> str:
    """What the clock on the reader's wall shows: "10:00"."""
    return f"{at.astimezone(zone()):%H:%M}"


def tenth(at: datetime) -> str:
    """The same with tenths of a second: "10:00:03.4"."""
    local = at.astimezone(zone())
    return f"{local:%H:%M:%S}.{local.microsecond // 100_000}"


def since(at: datetime) -> str:
    """How long ago: "3 days"."""
    return humane.span(now() - at)


def shortly(at: datetime) -> str:
    """As few words as a card has room for: "3 days late", "today 18:00", "tomorrow", "Tue 1 Dec"."""
    if at < now():
        return f"{since(at)} late"
    name = day(at)
    return f"{name} {at.astimezone(zone()):%H:%M}" if name == "today" else name


def urgency(at: datetime) -> str:
    """How near: "late", "soon" within a day, "" later."""
    if at < now():
        return "late"
    return "soon" if at - now() < SOON else ""


def end_of_today() -> datetime:
    """Midnight at the reader's."""
    tomorrow = now().astimezone(zone()).date() + timedelta(days=1)
    return clock.instant(datetime.combine(tomorrow, datetime.min.time()), zone())


def _frame() -> dict[str, Any]:
    """What base.html shows. The counts ask the database only where a page prints them."""
    return {
        "current_user": g.get("user"),
        "due_count": LocalProxy(lambda: _marks()[0]),
        "due_late": LocalProxy(lambda: _marks()[1]),
        "bell": LocalProxy(lambda: notifications.Mark(_marks()[2], _marks()[3] or 0)),
    }


def _marks() -> tuple[int, bool, int, int | None]:
    """What stands beside "Due" and on the bell, in one statement."""
    if "marks" not in g:
        user = g.get("user")
        g.marks = (0, False, 0, None)
        if user is not None:
            bell = notifications.mark_values(g.workspace, user)
            g.marks = reminders.mark(g.workspace, user, until=end_of_today(), now=now(), besides=bell)
    return g.marks  # type: ignore[no-any-return]
