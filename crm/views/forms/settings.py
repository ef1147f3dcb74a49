"""Forms of the settings pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField

from crm.domain import clock
from crm.domain.errors import Invalid
from crm.domain.reminders import PROMISES
from crm.models import Kind, MessageKind, Preference, Way, Workspace

#: How a kind is told by mail.
WAYS = {
    Way.LETTER.value: "A letter of its own",
    Way.DIGEST.value: "In the daily digest",
    Way.OFF.value: "No mail",
}
#: What the number of days means, where it is not "so many days later".
QUESTIONS = {
    Kind.PREPARE: "How many days before?",
    **dict.fromkeys((Kind.FOLLOW_UP, Kind.CLOSE, Kind.SET_DATE), "After how many working days?"),
}
DAY_NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def zones() -> dict[str, str]:
    """Zones as they are kept, and as they are read."""
    return {name: name.replace("_", " ") for name in sorted(clock.zone_names())}


class ProfileForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Who one is."""

    name = StringField("Your name")
    timezone = SelectField("Time zone", choices=zones)


class TokenForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A key for a program."""

    name = StringField("What is it for?")


class RateForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """How fast letters may leave."""

    per_hour = StringField("Letters an hour, at most")

    def read(self) -> int | None:
        """The rate, None without one; Invalid for what is no number."""
        typed = (self.per_hour.data or "").strip()
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            raise Invalid(per_hour="Give a whole number, or leave it empty for no limit.")
        return int(typed) if typed else None


class PromiseForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """One kind of reminder. The names in the page begin with the kind."""

    on = BooleanField("Remind me")
    days = IntegerField("Days")
    way = RadioField("By mail", choices=WAYS)

    def __init__(self, kind: Kind, **values: Any) -> None:
        super().__init__(prefix=kind, **values)
        self.kind, self.label, self.default_days = kind, PROMISES[kind].label, PROMISES[kind].days
        self.days.label.text = "Days"
        self.question = QUESTIONS.get(kind, "After how many days?")

    def read(self) -> None:
        """Invalid for what is no number."""
        if self.default_days is not None and self.days.data is None:
            raise Invalid(days="Choose a number of days between 1 and 365.")
        if self.way.data not in list(Way):
            raise Invalid(way="Choose one of the three.")

    @property
    def chosen_days(self) -> int | None:
        """The delay, where it is another than everybody's."""
        return (
            self.days.data if self.default_days is not None and self.days.data != self.default_days else None
        )


class PreferenceForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """When letters may come."""

    digest_at = StringField("The daily digest comes at", render_kw={"type": "time"})
    near_in_digest = BooleanField("Also what is pressing may wait for the digest")
    look_ahead = BooleanField("The week to come, on Sunday evenings")
    quiet_from = StringField("Quiet from", render_kw={"type": "time"})
    quiet_until = StringField("Quiet until", render_kw={"type": "time"})
    days_off = SelectMultipleField("Days without letters", choices=DAY_NAMES)

    @property
    def values(self) -> dict[str, Any]:
        """What the domain is told; the look ahead is a kind of letters, and told apart."""
        return {name: value for name, value in self.data.items() if name not in ("look_ahead", "csrf_token")}


def preference_form(wishes: Preference, *, look_ahead: bool) -> PreferenceForm:
    """As things stand."""
    return PreferenceForm(formdata=None, obj=wishes, data={"look_ahead": look_ahead})


def promise_forms(workspace: Workspace, ways: Mapping[MessageKind, Way]) -> list[PromiseForm]:
    """One form a kind, as things stand."""
    return [
        PromiseForm(
            kind,
            data={
                "on": not choice.get("off"),
                "days": choice.get("days", PROMISES[kind].days),
                "way": ways[MessageKind(kind)].value,
            },
        )
        for kind in PROMISES
        for choice in [workspace.promises.get(kind, {})]
    ]
