"""The form of an organisation's facts."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TelField, TextAreaField

NAMES = ("name", "website", "phone", "email", "address", "notes")


class OrganisationForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What is known of it."""

    name = StringField("Name")
    website = StringField("Website")
    phone = TelField("Phone")
    email = EmailField("E-mail")
    address = TextAreaField("Address")
    notes = TextAreaField("Notes")

    def values(self) -> dict[str, Any]:
        """What the domain's verbs take."""
        return {name: self[name].data for name in NAMES}
