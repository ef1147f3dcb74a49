"""Times as people type them: a day and a time on a wall somewhere, or both in one field."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, IntegerField, SelectField, TimeField

from crm.domain import clock
from crm.domain.errors import Invalid

#: Other years are slips of the finger, and some of them have no instant in every zone.
YEARS = range(1971, 2200)


class Day(DateField):  # type: ignore[misc]  # the library has no types
    """A day, as the browser's own calendar gives it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, or say what it should look like."""
        _read(super().process_formdata, valuelist, "This is not a day. Write it as 2026-03-10.")


class TimeOfDay(TimeField):  # type: ignore[misc]
    """Hours and minutes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%H:%M", "%H:%M:%S"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, or say what it should look like."""
        _read(super().process_formdata, valuelist, "This is not a time of day. Write it as 14:30.")


class Moment(DateTimeLocalField):  # type: ignore[misc]
    """A day and a time in one field; empty is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, or say what it should look like."""
        if any(value.strip() for value in valuelist):
            sentence = "This is not a day and a time. Write it as 2026-03-10 14:30."
            _read(super().process_formdata, [value.replace(" ", "T") for value in valuelist], sentence)

    def instant(self, where: ZoneInfo) -> datetime | None:
        """When that was or will be; Invalid where it was not understood."""
        refuse_unread(self)
        return instant(self.data.date(), self.data.time(), where, self.name) if self.data else None


class Number(IntegerField):  # type: ignore[misc]
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, or say what it should look like."""
        _read(super().process_formdata, valuelist, "This is not a whole number.")


class WhenForm(FlaskForm):  # type: ignore[misc]
    """A day and a time in a zone that one sees."""

    day = Day("Day")
    time = TimeOfDay("Time")
    timezone = SelectField("Time zone", choices=[], validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A zone that came from elsewhere is offered too: otherwise the first of the list would stand for it.
        self.timezone.choices = sorted(clock.zone_names() | {self.timezone.data or "UTC"})

    def starts_at(self) -> datetime:
        """The instant; Invalid names each part that is missing or was not understood."""
        missing = {
            field.name: "This is needed."
            for field in (self.day, self.time)
            if field.data is None and not field.process_errors
        }
        if missing:
            raise Invalid(**missing)
        refuse_unread(self.day, self.time)
        return instant(self.day.data, self.time.data, clock.zone(self.timezone.data), "day")

    def doubt(self) -> str:
        """What is to be said of a time that clocks there never show, or show twice."""
        shown = datetime.combine(self.day.data, self.time.data)
        return clock.doubt(shown, clock.zone(self.timezone.data))


def instant(day: date, clock_time: time, where: ZoneInfo, field: str) -> datetime:
    """The instant of a wall clock's time; Invalid for a year that nobody means."""
    if day.year not in YEARS:
        raise Invalid(**{field: f"The year {day.year} cannot be meant. Check it."})
    return clock.on(day, clock_time, where)


def refuse_unread(*fields: Any) -> None:
    """Invalid with the field's own sentence where what was typed could not be read."""
    unread = {field.name: field.process_errors[0] for field in fields if field.process_errors}
    if unread:
        raise Invalid(**unread)


def _read(read: Any, values: list[str], sentence: str) -> None:
    """Let the library read what was typed, and put our own sentence for its."""
    if not any(value.strip() for value in values):
        return
    try:
        read(values)
    except (ValueError, OverflowError):
        raise ValueError(sentence) from None
