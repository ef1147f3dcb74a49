"""Forms about talks: planning, moving, recording."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField

from crm.domain import clock, interviews
from crm.domain.errors import Invalid
from crm.models import Interview, Medium, User
from crm.views.forms.times import Moment, Number, WhenForm, refuse_unread

MEDIA = [
    SelectChoice(Medium.IN_PERSON.value, "In person"),
    SelectChoice(Medium.PHONE.value, "By phone"),
    SelectChoice(Medium.VIDEO.value, "By video"),
    SelectChoice(Medium.EMAIL.value, "By e-mail"),
]


class DateForm(WhenForm):
    """When, how long, how and where."""

    minutes = Number("Minutes", default=interviews.DEFAULT_MINUTES)
    medium = RadioField("How", choices=MEDIA, default=Medium.IN_PERSON.value, validate_choice=False)
    place = StringField("Where")

    def values(self) -> dict[str, Any]:
        """What the domain's verbs take; Invalid where something was not understood."""
        starts_at = self.starts_at()
        refuse_unread(self.minutes)
        return {
            "starts_at": starts_at,
            "timezone": self.timezone.data,
            "minutes": interviews.DEFAULT_MINUTES if self.minutes.data is None else self.minutes.data,
            "medium": self.medium.data or None,
            "place": self.place.data or "",
        }

    def chosen(self) -> datetime | None:
        """The instant, as far as it can be told yet."""
        try:
            return self.starts_at()
        except Invalid:
            return None


class PlanForm(DateForm):
    """A new date, and whether the contact hears of it."""

    invite = BooleanField("Send an invitation", default=True)

    @classmethod
    def fresh(cls, user: User, now: datetime) -> PlanForm:
        """Tomorrow in the user's zone; the time is theirs to agree on."""
        tomorrow = clock.wall(now, clock.zone(user.timezone)).date() + timedelta(days=1)
        return cls(formdata=None, day=tomorrow, timezone=user.timezone)

    def chosen_medium(self) -> Medium:
        """The means that is chosen, as far as it is one."""
        return Medium(self.medium.data) if self.medium.data in set(Medium) else Medium.IN_PERSON


class MoveForm(DateForm):
    """The date that is set, to be changed."""

    @classmethod
    def of(cls, interview: Interview) -> MoveForm:
        """As it stands."""
        return cls(
            formdata=None,
            day=interview.wall_start.date(),
            time=interview.wall_start.time(),
            timezone=interview.timezone,
            minutes=interview.minutes,
            medium=interview.medium.value,
            place=interview.place,
        )


class NotesForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What was said, or is to be asked."""

    notes = TextAreaField("Notes")


class HeldForm(NotesForm):
    """That it took place, and until when."""

    ended_at = Moment("When did it really end?")

    @classmethod
    def of(cls, interview: Interview, user: User, now: datetime) -> HeldForm:
        """The planned end, or now where that is still to come."""
        ended_at = interview.ended_at or min(interview.ends_at, now)
        shown = clock.wall(ended_at, clock.zone(user.timezone))
        return cls(formdata=None, ended_at=shown, notes=interview.notes)
