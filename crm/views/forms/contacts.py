"""Forms about contacts. Each knows what the domain takes; the domain judges it."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)

from crm.domain import clock, contacts, fields, referrals
from crm.domain.campaigns import page as campaigns_of
from crm.domain.errors import Invalid
from crm.models import Closed, Contact, InField, Interest, WorkRole, Workspace
from crm.views import narrowing

ROLES = [
    SelectChoice(WorkRole.PRACTITIONER.value, "Practitioner"),
    SelectChoice(WorkRole.SUPERVISOR.value, "Supervisor"),
    SelectChoice(WorkRole.HIRING_MANAGER.value, "Hiring manager"),
]
IN_FIELD = [
    SelectChoice("", "Not known"),
    SelectChoice(InField.NOW.value, "Works in it now"),
    SelectChoice(InField.RECENTLY.value, "Did recently"),
    SelectChoice(InField.NO.value, "No longer"),
]
INTEREST = [
    SelectChoice("", "Not known yet"),
    SelectChoice(Interest.CHAMPION.value, "Champion"),
    SelectChoice(Interest.WARM.value, "Warm"),
    SelectChoice(Interest.OTHER.value, "Other"),
]
CLOSED = {
    Closed.PARKED: ("pause", "Parked", "Not now, perhaps later. Nothing is owed until you reopen it."),
    Closed.NO_ANSWER: ("hourglass", "No answer", "Asked and followed up in vain. No hard feelings."),
    Closed.DECLINED: ("ban", "Declined", "Said no, or not able to. Thank them for saying so."),
    Closed.MOVED_ON: ("footprints", "Moved on", "Left the field or the place, or you did."),
    Closed.DO_NOT_CONTACT: ("lock", "Do not contact", "Asked to be left alone. Kept, so that it stays so."),
}


def zones() -> list[Any]:
    """Zones to choose from, and none."""
    cities = ((name, *name.replace("_", " ").split("/", 1)) for name in sorted(clock.zone_names() - {"UTC"}))
    places = [SelectChoice(name, city, optgroup=region) for name, region, city in cities]
    return [SelectChoice("", "Not known"), SelectChoice("UTC", "UTC"), *places]


class Part(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Some of a contact's facts."""

    @classmethod
    def of(cls, contact: Contact) -> Part:
        """The form as it stands before anybody changes it."""
        raise NotImplementedError

    def values(self, workspace: Workspace, contact: Contact | None = None) -> dict[str, Any]:
        """What `contacts.change` takes."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}


class FactsForm(Part):
    """Who it is, and how to reach them."""

    name = StringField("Name")
    title = StringField("Title")
    organisation = StringField("Organisation")
    email = EmailField("E-mail")
    phone = TelField("Phone")
    linkedin_url = StringField("Profile on the web")
    postal_address = TextAreaField("Postal address")
    timezone = SelectField("Time zone", choices=zones, validate_choice=False)
    source = StringField("Source")
    referred_by = StringField("Referred by")

    @classmethod
    def of(cls, contact: Contact) -> FactsForm:
        """With the organisation's name, and what the referrer is called."""
        plain = ("name", "title", "email", "phone", "linkedin_url", "postal_address", "timezone", "source")
        organisation = contact.organisation.name if contact.organisation else ""
        linked = {"organisation": organisation, "referred_by": _referrer(contact)}
        return cls(data={name: getattr(contact, name) or "" for name in plain} | linked)

    def values(self, workspace: Workspace, contact: Contact | None = None) -> dict[str, Any]:
        """Facts with the referrer's id. Raises Invalid where nobody or several are called so."""
        found = super().values(workspace, contact)
        if contact is not None and found["referred_by"] == _referrer(contact):
            del found["referred_by"]
            return found
        return {**found, "referred_by": _find(workspace, found)}


class FieldForm(Part):
    """What somebody is in the fields that are explored."""

    campaigns = SelectMultipleField("Campaigns", validate_choice=False)
    roles = SelectMultipleField("Roles", choices=ROLES, validate_choice=False)
    in_field = RadioField("In the field", choices=IN_FIELD, default="", validate_choice=False)
    interest = RadioField("Interest", choices=INTEREST, default="", validate_choice=False)

    @classmethod
    def of(cls, contact: Contact) -> FieldForm:
        """With what is known."""
        return cls(
            data={
                "campaigns": [str(campaign.id) for campaign in contact.campaigns],
                "roles": list(contact.roles),
                "in_field": contact.in_field or "",
                "interest": contact.interest or "",
            }
        )

    def offer(self, workspace: Workspace) -> FieldForm:
        """Fill in the campaigns that there are."""
        found = campaigns_of(workspace, limit=200)
        self.campaigns.choices = [SelectChoice(str(campaign.id), campaign.name) for campaign in found]
        return self

    def values(self, workspace: Workspace, contact: Contact | None = None) -> dict[str, Any]:
        """The same, campaigns as numbers."""
        found = super().values(workspace, contact)
        numbers = [narrowing.number(text) for text in found["campaigns"] or []]
        return {**found, "campaigns": [number or 0 for number in numbers]}


class TagsForm(Part):
    """Words to sort by."""

    tags = StringField("Tags")

    @classmethod
    def of(cls, contact: Contact) -> TagsForm:
        """With commas between."""
        return cls(data={"tags": ", ".join(contact.tag_names)})


class NotesForm(Part):
    """What else is worth knowing."""

    notes = TextAreaField("Notes")

    @classmethod
    def of(cls, contact: Contact) -> NotesForm:
        """As they stand."""
        return cls(data={"notes": contact.notes})


class NewForm(FactsForm, FieldForm, TagsForm, NotesForm):
    """All of it; only the name is required."""

    name = StringField("Name", render_kw={"required": True})

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        # It opens over pages that have fields of the same names.
        for field in self:
            field.id = field.label.field_id = f"new-{field.id}"


#: What of a contact is changed in place, by the word in the address.
PARTS: dict[str, type[Part]] = {
    "facts": FactsForm,
    "field": FieldForm,
    "tags": TagsForm,
    "notes": NotesForm,
}


class CloseForm(FlaskForm):  # type: ignore[misc]
    """Why a contact gets out of the way."""

    closed = RadioField("Why?", choices=[reason.value for reason in CLOSED], validate_choice=False)

    def reason(self) -> str:
        """The reason. Raises Invalid where none was chosen."""
        if not self.closed.data:
            raise Invalid(closed="Choose a reason.")
        return str(self.closed.data)


def _find(workspace: Workspace, values: dict[str, Any]) -> int | None:
    """The referrer's id. Where there is none, Invalid names what else is wrong too: all is told at once."""
    try:
        referrer = referrals.find(workspace, values["referred_by"] or "")
    except Invalid as unknown:
        try:
            fields.clean({**values, "referred_by": None}, contacts.CLEANERS)
        except Invalid as others:
            unknown.errors = {**others.errors, **unknown.errors}
        raise unknown from None
    return referrer.id if referrer else None


def _referrer(contact: Contact) -> str:
    return referrals.label(contact.referred_by) if contact.referred_by else ""
