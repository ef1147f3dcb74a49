"""The form that puts something off."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import StringField

from crm.domain import reminders
from crm.domain.errors import Invalid
from crm.views.forms.times import Moment


class SnoozeForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """One of the times on offer, or another."""

    choice = StringField()
    until = Moment("Another day and time")

    def chosen(self, now: datetime, where: ZoneInfo) -> datetime:
        """Until when; Invalid where no time is chosen."""
        offered = reminders.put_off_choices(now, where)
        until = offered.get(self.choice.data or "") or self.until.instant(where)
        if until is None:
            raise Invalid(until="Choose a day and a time.")
        return until
