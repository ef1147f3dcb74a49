"""The form that puts something off from a letter, where nobody is signed in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import StringField

from crm.domain import clock, reminders
from crm.domain.errors import Invalid
from crm.views.forms.times import Day, TimeOfDay, instant, refuse_unread


class LaterForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """One of the times on offer, or a day and, if one likes, a time; mornings else."""

    class Meta:
        """The signed address is the proof."""

        csrf = False

    choice = StringField()
    day = Day("Another day")
    time = TimeOfDay("Time")

    def chosen(self, now: datetime, where: ZoneInfo) -> datetime:
        """Until when; Invalid where no time is chosen, or an evening that is over."""
        if self.choice.data:
            return self._offered(now, where)
        refuse_unread(self.day, self.time)
        if self.day.data is None:
            raise Invalid(day="Choose a day, or one of the times above.")
        return instant(self.day.data, self.time.data or clock.MORNING, where, "day")

    def _offered(self, now: datetime, where: ZoneInfo) -> datetime:
        until = reminders.put_off_choices(now, where).get(self.choice.data)
        if until is None:
            raise Invalid(offer="That time is no longer on offer. Choose another.")
        return until
