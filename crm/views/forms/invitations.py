"""Forms on the page of an invitation, where nobody is signed in."""

from __future__ import annotations

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TextAreaField

from crm.domain import clock
from crm.domain.answers import by_page
from crm.domain.errors import Invalid
from crm.models import Interview
from crm.views.forms.times import Day, TimeOfDay, instant, refuse_unread


class AnswerForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What one likes to add."""

    class Meta:
        """The signed address is the proof."""

        csrf = False

    comment = TextAreaField("A word with it")
    #: Which date was shown: the talk may be moved while somebody looks.
    seen = HiddenField()

    def check_seen(self, interview: Interview) -> None:
        """Invalid where it is another date by now."""
        if self.seen.data and self.seen.data != str(interview.dated_sequence):
            raise Invalid(page="The invitation has changed since you opened this page. Please look again.")


class ZoneForm(AnswerForm):
    """On which clock somebody lives."""

    timezone = SelectField("Your time zone", choices=[], validate_choice=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.timezone.choices = sorted(clock.zone_names() | {self.timezone.data or "UTC"})


class WishForm(ZoneForm):
    """Up to three other times."""

    day_1, time_1 = Day("Day"), TimeOfDay("Time")
    day_2, time_2 = Day("Or on"), TimeOfDay("Time")
    day_3, time_3 = Day("Or on"), TimeOfDay("Time")

    def rows(self) -> list[tuple[Day, TimeOfDay]]:
        """Each day with its time."""
        return [(self[f"day_{n}"], self[f"time_{n}"]) for n in range(1, by_page.WISHES + 1)]

    def times(self) -> list[datetime]:
        """The instants; Invalid names each part that is missing or was not understood."""
        where = clock.zone(self.timezone.data)
        found = []
        for day, time in self.rows():
            refuse_unread(day, time)
            if day.data is None and time.data is None:
                continue
            if day.data is None or time.data is None:
                missing = day if day.data is None else time
                raise Invalid(**{missing.name: "Give the day and the time."})
            found.append(instant(day.data, time.data, where, day.name))
        return found
