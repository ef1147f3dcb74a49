"""Forms of the settings pages."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField

from crm.domain import clock
from crm.domain.errors import Invalid
from crm.domain.reminders import PROMISES
from crm.models import Kind, Workspace


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
    letters = BooleanField("By mail too")

    def __init__(self, kind: Kind, **values: Any) -> None:
        super().__init__(prefix=kind, **values)
        self.kind, self.label, self.default_days = kind, PROMISES[kind].label, PROMISES[kind].days
        self.days.label.text = "Days"

    def read(self) -> None:
        """Invalid for what is no number."""
        if self.default_days is not None and self.days.data is None:
            raise Invalid(days="Choose a number of days between 1 and 365.")

    @property
    def chosen_days(self) -> int | None:
        """The delay, where it is another than everybody's."""
        return (
            self.days.data if self.default_days is not None and self.days.data != self.default_days else None
        )


def promise_forms(workspace: Workspace, stopped: set[str]) -> list[PromiseForm]:
    """One form a kind, as things stand."""
    return [
        PromiseForm(
            kind,
            data={
                "on": not choice.get("off"),
                "days": choice.get("days", PROMISES[kind].days),
                "letters": kind.value not in stopped,
            },
        )
        for kind in PROMISES
        for choice in [workspace.promises.get(kind, {})]
    ]
