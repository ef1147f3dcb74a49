"""Forms about lists: the upload, and what its columns hold."""

from __future__ import annotations

from typing import NamedTuple

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectChoice, SelectField, StringField, TextAreaField

from crm.domain import campaigns, fields
from crm.domain.errors import Invalid, NotFound
from crm.domain.transfers import Field
from crm.models import Campaign
from crm.views import narrowing

#: Characters of a pasted text; what is longer is better sent as a file. Even in Chinese they fit into a form.
MOST_PASTED = 300_000
TOO_MUCH = f"At most {MOST_PASTED:,} characters can be pasted. Save the text as a file and import that."

#: What a column can hold, in the order in which it is offered.
HOLDS: dict[Field, str] = {
    Field.NAME: "Name",
    Field.FIRST_NAME: "First name",
    Field.MIDDLE_NAME: "Middle name",
    Field.LAST_NAME: "Last name",
    Field.PREFIX: "Dr, Ms and the like",
    Field.SUFFIX: "Jr, PhD and the like",
    Field.ORGANISATION: "Organisation",
    Field.TITLE: "Title or role",
    Field.EMAIL: "E-mail address",
    Field.PHONE: "Phone",
    Field.LINKEDIN_URL: "LinkedIn address",
    Field.WEBSITE: "Web site",
    Field.EMAIL_OR_WEBSITE: "E-mail or web site",
    Field.POSTAL_ADDRESS: "Postal address",
    Field.STREET: "Street",
    Field.CITY: "Town",
    Field.REGION: "State or region",
    Field.POSTCODE: "Postcode",
    Field.COUNTRY: "Country",
    Field.TAGS: "Tags",
    Field.NOTES: "Notes",
}
#: How the select of a column is called: `column-0`.
COLUMN = "column-"


class Upload(NamedTuple):
    """A list as it came in: its bytes, and the name that it had."""

    content: bytes
    filename: str


class ListForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A list in a file or as text, and where its people belong."""

    file = FileField("A file")
    text = TextAreaField("Pasted text")
    campaign = SelectField("Campaign", validate_choice=False)
    source = StringField("Where does this list come from?")

    def offer(self) -> ListForm:
        """The campaigns that there are to choose from."""
        mine = campaigns.page(g.workspace, limit=200)
        self.campaign.choices = [
            SelectChoice("", "None"),
            *(SelectChoice(str(one.id), one.name) for one in mine),
        ]
        return self

    @property
    def is_pasted(self) -> bool:
        """Whether a text was given, and no file."""
        return bool((self.text.data or "").strip()) and not self.file.data

    def upload(self) -> Upload:
        """The list. Raises Invalid where there is none, or two, or a text too long to be pasted."""
        file, text = self.file.data, self.text.data or ""
        if file and text.strip():
            raise Invalid(text="Either a file or a text, please: take the one out and import it afterwards.")
        if file:
            return Upload(file.read(), file.filename or "")
        if not text.strip():
            raise Invalid(file="Choose a file, or paste some lines below.")
        if len(text) > MOST_PASTED:
            raise Invalid(text=TOO_MUCH)
        return Upload(text.encode("utf-8", errors="replace"), "")

    def chosen_campaign(self) -> Campaign | None:
        """The campaign, where one was chosen. Raises Invalid for one that is not there."""
        wanted = self.campaign.data
        if not wanted:
            return None
        try:
            return campaigns.get(g.workspace, narrowing.number(wanted) or 0)
        except NotFound:
            raise Invalid(campaign="Choose among your own campaigns.") from None

    def named_source(self) -> str:
        """Where the list comes from. Raises Invalid where that is too long."""
        return str(fields.clean({"source": self.source.data}, {"source": fields.line()})["source"] or "")


def columns() -> dict[str, str]:
    """What was chosen for each column, by its number; those that are not read are left out."""
    given = {name: value for name, value in request.form.items() if name.startswith(COLUMN) and value}
    return {name.removeprefix(COLUMN): value for name, value in given.items()}
