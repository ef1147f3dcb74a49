"""The form of a field that is explored."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField


class CampaignForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What the field is called, and what the seeker wants to know of it."""

    name = StringField("Field")
    purpose = TextAreaField("What do you want to find out?")

    def values(self) -> dict[str, Any]:
        """What the domain's verbs take."""
        return {"name": self.name.data, "purpose": self.purpose.data}
