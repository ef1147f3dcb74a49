"""The form of a move."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField

from crm.domain import clock
from crm.domain.errors import Invalid
from crm.models import Stage
from crm.views import filters
from crm.views.forms.times import Moment


class MoveForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Where to, since when, and why where it goes back."""

    stage = RadioField("To", choices=[stage.value for stage in Stage], validate_choice=False)
    was = HiddenField()
    reason = TextAreaField("Why does it go back?")
    at = Moment("When was that?")

    def values(self) -> dict[str, Any]:
        """What `pipeline.move` takes. Raises Invalid for what is no stage and no time."""
        return {
            "to": _stage(self.stage.data),
            "was": _stage(self.was.data) if self.was.data else None,
            "reason": self.reason.data or "",
            "at": self.at.instant(filters.zone()),
        }


def latest() -> dict[str, str]:
    """Attributes of an input for the past: nothing later than now can be chosen."""
    return {"max": f"{clock.wall(filters.now(), filters.zone()):%Y-%m-%dT%H:%M}"}


def _stage(word: str | None) -> Stage:
    if word not in list(Stage):
        raise Invalid(stage="Choose one of the five stages.")
    return Stage(word)
