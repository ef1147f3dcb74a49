"""Wall clocks and instants: mornings, evenings and working days in somebody's zone.

A time that does not exist moves forward, one that exists twice is the first (design, Whose clock).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from crm.domain.errors import Invalid

MORNING = time(8)
EVENING = time(18)
NIGHT_BEGINS = time(22)
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone that people may choose: regions with a city, and UTC."""
    return frozenset(
        name for name in available_timezones() if "/" in name and not name.startswith("Etc/")
    ) | {"UTC"}


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    # Asked for every promise; looking through the files of all zones takes milliseconds.
    return frozenset(available_timezones())


def is_known(name: str) -> bool:
    """Whether there is a zone of that name."""
    return name in _known()


def zone(name: str | None, field: str = "timezone") -> ZoneInfo:
    """The zone of an IANA name; Invalid for one that nobody knows."""
    if not name or name not in _known():
        raise Invalid(
            **{field: f"“{(name or '')[:60]}” is not a time zone. Choose one such as Europe/Berlin."}
        )
    return ZoneInfo(name)


def instant(wall: datetime, where: ZoneInfo) -> datetime:
    """The instant at which a clock on the wall there shows `wall` (naive)."""
    # fold=0 read through UTC gives both rules: a gap moves forward, of two the first is taken.
    return wall.replace(tzinfo=where, fold=0).astimezone(UTC)


def wall(at: datetime, where: ZoneInfo) -> datetime:
    """What a clock on the wall there shows at an instant, without its zone."""
    return at.astimezone(where).replace(tzinfo=None)


def written(at: datetime, where: ZoneInfo) -> str:
    """An instant as text that keeps what clocks there show: "2026-03-13T08:00:00+01:00"."""
    return at.astimezone(where).isoformat()


def doubt(shown: datetime, where: ZoneInfo) -> str:
    """What is to be said where clocks there never show that time, or show it twice; else nothing."""
    taken = wall(instant(shown, where), where)
    if taken != shown:
        return f"{shown:%H:%M} does not exist that night; {taken:%H:%M} was taken."
    first, second = (shown.replace(tzinfo=where, fold=fold).utcoffset() for fold in (0, 1))
    return "" if first == second else f"{shown:%H:%M} comes twice that night; the first was taken."


def on(day: date, clock_time: time, where: ZoneInfo) -> datetime:
    """The instant of a time of day on a local date."""
    return instant(datetime.combine(day, clock_time), where)


def days_later(at: datetime, days: int, where: ZoneInfo) -> datetime:
    """The same time of day, so many local dates later (or earlier)."""
    return instant(wall(at, where) + timedelta(days=days), where)


def next_morning(at: datetime, where: ZoneInfo) -> datetime:
    """The first 08:00 on a later local date."""
    return on(wall(at, where).date() + timedelta(days=1), MORNING, where)


def evening_before(at: datetime, where: ZoneInfo) -> datetime:
    """18:00 on the local date before."""
    return on(wall(at, where).date() - timedelta(days=1), EVENING, where)


def day_ends(at: datetime, where: ZoneInfo, days: int = 0) -> datetime:
    """The instant at which the local date changes, this day's or that of so many days later."""
    return on(wall(at, where).date() + timedelta(days=days + 1), time(0), where)


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


def working_morning(day: date, where: ZoneInfo) -> datetime:
    """08:00 on that day, or on the Monday after where it is a weekend."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return on(day, MORNING, where)


def working_days_later(at: datetime, days: int, where: ZoneInfo) -> datetime:
    """The morning of the n-th working day after a local date."""
    day = wall(at, where).date()
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return working_morning(day, where)


def at_night(at: datetime, where: ZoneInfo) -> bool:
    """Whether it is between 22:00 and 08:00 there."""
    clock_time = wall(at, where).time()
    return clock_time >= NIGHT_BEGINS or clock_time < MORNING


def not_future(at: datetime | None, now: datetime, field: str = "at") -> datetime:
    """A time at which something happened: now by default, never later, never absurdly long ago."""
    at = at or now
    # A minute of grace, since the other side's clock is not ours.
    if at > now + timedelta(minutes=1):
        raise Invalid(**{field: "This lies in the future. Give the time at which it happened."})
    if at < EARLIEST:
        raise Invalid(**{field: "This lies too far in the past."})
    return min(at, now)
