"""Forms about what happened: a note, or a touch in either direction."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, TextAreaField

from crm.domain.errors import Invalid
from crm.models import Contact, Direction, Happened, Stage
from crm.views import filters
from crm.views.forms.times import Moment

#: What can be logged, with its drawing; in the order in which it is met.
TOUCHES = {
    Happened.ASK: ("send", "Ask for a talk"),
    Happened.MESSAGE: ("mail", "Message"),
    Happened.CALL: ("phone", "Call"),
    Happened.MEETING: ("coffee", "Meeting"),
    Happened.VISIT: ("map-pin", "Visit"),
}


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note for the timeline."""

    note = TextAreaField("New note")


class LogForm(FlaskForm):  # type: ignore[misc]
    """What happened with a contact, who began it, and when."""

    kind = RadioField("What was it?", choices=[kind.value for kind in TOUCHES], validate_choice=False)
    direction = RadioField(
        "Who reached out?",
        choices=[SelectChoice(Direction.OUT.value, "I did"), SelectChoice(Direction.IN.value, "They did")],
        default=Direction.OUT.value,
        validate_choice=False,
    )
    at = Moment("When?")
    text = TextAreaField("What was said?")

    def values(self) -> dict[str, Any]:
        """What `touches.log` takes. Raises Invalid for what is no time, or none of the kinds."""
        if self.kind.data not in list(TOUCHES):
            raise Invalid(kind="Choose what it was.")
        is_ask = self.kind.data == Happened.ASK
        return {
            "kind": self.kind.data,
            # Only the seeker asks; what was chosen for another kind before does not matter.
            "direction": Direction.OUT.value if is_ask else self.direction.data,
            "at": self.at.instant(filters.zone()),
            "text": self.text.data or "",
        }


def likely_touch(contact: Contact) -> str:
    """What is most probably to be logged: the ask first, then messages."""
    is_first = contact.stage is Stage.LOCATED and not contact.asks
    return (Happened.ASK if is_first else Happened.MESSAGE).value
