"""Times and spans in words for people, with the exact time always at hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm.domain.words import plural


def span(length: timedelta) -> str:
    """A length of time in its largest fitting unit: "20 minutes", "22 hours", "3 days", "2 months"."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 1:
        return "a moment"
    if minutes < 60:
        return plural(minutes, "minute")
    if minutes < 48 * 60:
        return plural(round(minutes / 60), "hour")
    days = minutes // (24 * 60)
    if days < 60:
        return plural(days, "day")
    return plural(days // 30, "month") if days < 730 else plural(days // 365, "year")


def day(at: datetime, now: datetime, where: ZoneInfo) -> str:
    """Which day it is, as one would say it: "today", "tomorrow", "Tue 1 Dec"."""
    local, today = at.astimezone(where).date(), now.astimezone(where).date()
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((local - today).days)
    if near:
        return near
    if 1 < (local - today).days < 7:
        return f"{local:%a}"
    return f"{local:%a} {local.day} {local:%b}" + ("" if local.year == today.year else f" {local.year}")


def moment(at: datetime, now: datetime, where: ZoneInfo) -> str:
    """When, and how far that is: "tomorrow 10:00, in 22 hours"."""
    away = at - now
    distance = f"in {span(away)}" if away > timedelta(0) else f"{span(away)} ago"
    return f"{day(at, now, where)} {at.astimezone(where):%H:%M}, {distance}"


def exact(at: datetime, where: ZoneInfo) -> str:
    """The whole truth: "Tue 1 Dec 2026, 09:00 CET (Europe/Berlin, UTC+01:00)"."""
    local = at.astimezone(where)
    offset = local.strftime("%z")
    name = local.tzname() or ""
    # Zones without letters of their own are named by their offset already.
    short = "" if name.startswith(("+", "-")) else f" {name}"
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}{short} ({where.key}, UTC{offset[:3]}:{offset[3:5]})"


def to_the_tenth(at: datetime, where: ZoneInfo) -> str:
    """To the tenth of a second: "10 Mar 2026, 10:00:03.4 CET (UTC+01:00)"."""
    local = at.astimezone(where)
    offset = local.strftime("%z")
    name = local.tzname() or ""
    short = "" if name.startswith(("+", "-")) else f" {name}"
    clock = f"{local:%H:%M:%S}.{local.microsecond // 100_000}"
    return f"{local.day} {local:%b %Y}, {clock}{short} (UTC{offset[:3]}:{offset[3:5]})"
