"""The form of a subscription: what it holds, about whom, and how much it tells."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField, StringField

from crm.domain import words
from crm.domain.campaigns import page as campaigns_of
from crm.models import Feed, Include, Privacy, RemindersAs, Workspace

INCLUDES = {Include.INTERVIEWS: "Talks", Include.PREPARATION: "Preparation", Include.REMINDERS: "Reminders"}
PRIVACIES = {
    Privacy.FULL: "Names and places",
    Privacy.INITIALS: "Initials only",
    Privacy.BUSY: "Only that you are busy",
}
REMINDERS_AS = {RemindersAs.ALL_DAY: "All day", RemindersAs.TIMED: "At their time"}
PREPARATIONS = (15, 30, 45, 60, 120)
ALARMS = {0: "When it starts", 10: "10 minutes before", 60: "An hour before", 1440: "A day before"}


class FeedForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A subscription, new or changed."""

    name = StringField("Name")
    include = SelectMultipleField(
        "What it holds",
        choices=[SelectChoice(word.value, label) for word, label in INCLUDES.items()],
        default=[Include.INTERVIEWS.value],
        validate_choice=False,
    )
    privacy = RadioField(
        "What it tells",
        choices=[SelectChoice(word.value, label) for word, label in PRIVACIES.items()],
        default=Privacy.FULL.value,
        validate_choice=False,
    )
    campaigns = SelectMultipleField("Campaigns", validate_choice=False)
    reminders_as = RadioField(
        "Reminders stand",
        choices=[SelectChoice(word.value, label) for word, label in REMINDERS_AS.items()],
        default=RemindersAs.ALL_DAY.value,
        validate_choice=False,
    )
    preparation_minutes = SelectField("Preparation takes", default="30", validate_choice=False)
    alarms = SelectField("Alarm of the calendar program", default="", validate_choice=False)

    @classmethod
    def of(cls, feed: Feed) -> FeedForm:
        """The form of a subscription as it stands."""
        plain = ("name", "include", "privacy", "campaigns", "reminders_as")
        minutes = {"preparation_minutes": str(feed.preparation_minutes)}
        alarms = "" if feed.alarms is None else str(feed.alarms)
        return cls(data={name: getattr(feed, name) for name in plain} | minutes | {"alarms": alarms})

    def offer(self, workspace: Workspace) -> FeedForm:
        """Fill in the campaigns that there are, and minutes to choose from, what was set by a program too."""
        found = campaigns_of(workspace, limit=200)
        self.campaigns.choices = [SelectChoice(str(campaign.id), campaign.name) for campaign in found]
        preparations = {minutes: words.plural(minutes, "minute") for minutes in PREPARATIONS}
        self.preparation_minutes.choices = _minutes(preparations, self.preparation_minutes.data)
        self.alarms.choices = [SelectChoice("", "None"), *_minutes(ALARMS, self.alarms.data)]
        return self

    def values(self) -> dict[str, Any]:
        """What the domain's verbs take."""
        plain = ("name", "include", "privacy", "campaigns", "reminders_as")
        minutes = {name: _number(self[name].data) for name in ("preparation_minutes", "alarms")}
        return {name: self[name].data for name in plain} | minutes


def _minutes(known: dict[int, str], chosen: str | None) -> list[SelectChoice]:
    number = _number(chosen)
    if isinstance(number, int) and number not in known:
        known = {**known, number: words.plural(number, "minute")}
    return [SelectChoice(str(minutes), label) for minutes, label in sorted(known.items())]


def _number(text: str | None) -> int | str | None:
    """The number that was chosen; what is none is for the domain to refuse."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text
