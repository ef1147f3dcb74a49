"""The form that says how somebody was thanked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice

from crm.models import Interview, ThanksBy
from crm.views.forms.times import Moment

BY = {ThanksBy.EMAIL: "Sent by e-mail", ThanksBy.CARD: "Card posted"}


class ThanksForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """How, when and for which talk."""

    interview = RadioField("For which talk?", validate_choice=False, choices=[])
    by = RadioField("How?", validate_choice=False)
    sent_at = Moment("When?")

    def offer(self, waiting: Sequence[Interview], names: dict[int, str], said: set[ThanksBy | None]) -> None:
        """Offer these talks by their names, and the ways in which thanks were not said yet."""
        self.interview.choices = [SelectChoice(str(one.id), names[one.id]) for one in waiting]
        self.by.choices = [SelectChoice(by.value, label) for by, label in BY.items() if by not in said]
        self.interview.data = self.interview.data or str(waiting[-1].id)
        if self.by.choices:
            self.by.data = self.by.data or self.by.choices[0].value

    def means(self) -> ThanksBy | None:
        """What was chosen, as far as it is a way to say thanks."""
        chosen: Any = self.by.data
        return ThanksBy(chosen) if chosen in set(ThanksBy) else None
