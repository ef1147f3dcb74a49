"""Samples: every letter as it would read, with an invented cast; nothing of it is in the database.

A letter of one's own is added as a row of SAMPLES; the page that shows them takes it up by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from crm.domain import clock, humane, invitations, mail
from crm.domain.mail.render import render
from crm.domain.places import Fact
from crm.domain.reminders import PROMISES, wording
from crm.domain.reminders.links import Acts
from crm.models import (
    Contact,
    Interview,
    InterviewState,
    Kind,
    Medium,
    Message,
    MessageKind,
    Organisation,
    Reminder,
    User,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REMINDERS, MANY, CONTACTS, ACCOUNT = "Reminders", "Several at once", "To your contacts", "Your account"
#: How many days ahead the talk lies of which a letter speaks.
AHEAD = {Kind.PREPARE: 2, Kind.BRIEF: 1}
#: The step whose letter is shown, where not all read the same.
STEPS = {Kind.FOLLOW_UP: "round_1", Kind.BRIEF: "evening_before", Kind.THANK_YOU: "at_once"}


@dataclass(frozen=True)
class Scene:
    """What a sample is told: where, when, and in whose zone."""

    house: mail.Letterhead
    now: datetime
    timezone: str

    @property
    def seeker(self) -> User:
        """Who gets the letters, or sends them."""
        return User(id=1, name="Robin Falk", email="robin@example.org", timezone=self.timezone)

    def contact(self) -> Contact:
        """Who is asked, met and thanked."""
        return Contact(
            id=1,
            name="Mira Solberg",
            email="mira@example.com",
            phone="+47 22 55 01 00",
            title="Harbour engineer",
            organisation=Organisation(name="Northern Piers"),
            postal_address="Quay Road 7\n0150 Oslo",
            timezone="Europe/Oslo",
            source="Alumni evening",
            notes="Met at the alumni evening.\nKnows how piers are made to last.",
            referred_by=Contact(
                id=2, name="Jonas Wik", email="jonas@example.com", title="Teacher of physics"
            ),
            asks=2,
            touched_at=self.now - 7 * DAY,
        )

    def talk(self, starts_at: datetime) -> Interview:
        """Twenty minutes in person."""
        return Interview(
            id=1,
            contact=self.contact(),
            starts_at=starts_at,
            ends_at=starts_at + 20 * timedelta(minutes=1),
            timezone=self.timezone,
            minutes=20,
            medium=Medium.IN_PERSON,
            place="Quay Road 7, Oslo",
            state=InterviewState.PLANNED if starts_at > self.now else InterviewState.COMPLETED,
            notes="",
        )

    def at_ten(self, days: int) -> datetime:
        """Ten in the morning, so many days from now."""
        where = clock.zone(self.timezone)
        return clock.on(clock.wall(self.now, where).date() + days * DAY, time(10), where)

    def acts(self) -> Acts:
        """Links that look as they do, and lead nowhere."""
        of = self.house.addresses
        return Acts(of.act("sample-done"), of.act("sample-later"), of.reminder(1))

    def answers(self) -> dict[str, Any]:
        """The ways to answer an invitation, which lead nowhere either."""
        page = self.house.addresses.invitation("sample")
        return {"answers": invitations.links.Answers(f"{page}/yes", f"{page}/no", f"{page}/another")}


class Sample(NamedTuple):
    """A letter of which there is a sample."""

    group: str
    #: What people call it.
    label: str
    kind: MessageKind
    values: Callable[[Scene], dict[str, Any]]


class Shown(NamedTuple):
    """The letter as its reader gets it."""

    subject: str
    text: str
    html: str


def show(letter: str, scene: Scene) -> Shown:
    """One letter by the name of its file, written whole."""
    values = {"user": scene.seeker, "addresses": scene.house.addresses}
    return Shown(*render(letter, values | SAMPLES[letter].values(scene)))


def _reminder(kind: Kind) -> Callable[[Scene], dict[str, Any]]:
    def values(scene: Scene) -> dict[str, Any]:
        reminder = _of(kind, scene)
        step = STEPS.get(kind, "once")
        spoken = wording.spoken(reminder, step, scene.now, late=False, now=scene.now)
        return {**spoken, "called_off": False, "acts": scene.acts()}

    return values


def _of(kind: Kind, scene: Scene) -> Reminder:
    """A promise that comes due now."""
    since = {Kind.HOW_DID_IT_GO: HOUR, Kind.THANK_YOU: timedelta(0), Kind.STAY_IN_TOUCH: 21 * DAY}
    anchor_at = scene.now - since.get(kind, 3 * DAY)
    starts_at = scene.at_ten(AHEAD[kind]) if kind in AHEAD else scene.now - HOUR
    talk = scene.talk(starts_at)
    return Reminder(
        id=1, kind=kind, owner=scene.seeker, contact=talk.contact, interview=talk, anchor_at=anchor_at
    )


def _late(scene: Scene) -> dict[str, Any]:
    kinds = (Kind.THANK_YOU, Kind.SET_DATE, Kind.FOLLOW_UP, Kind.ASK, Kind.STAY_IN_TOUCH, Kind.CLOSE)
    return {"entries": _entries(scene, kinds, scene.now - DAY), "total": len(kinds), "more": 0}


def _digest(scene: Scene) -> dict[str, Any]:
    kinds = (Kind.THANK_YOU, Kind.FOLLOW_UP, Kind.STAY_IN_TOUCH)
    day = clock.wall(scene.now, clock.zone(scene.timezone))
    named = {"day": f"{day:%A} {day.day} {day:%B}", "older": 2, "more": 0, "total": len(kinds)}
    return {**named, "entries": _entries(scene, kinds, scene.now)}


def _look_ahead(scene: Scene) -> dict[str, Any]:
    here = clock.zone(scene.timezone)
    when = humane.exact(scene.at_ten(3), here)
    talk = wording.Entry("Talk with Mira Solberg", when, Acts("", "", scene.house.addresses.interview(1)))
    owed = _entries(scene, (Kind.FOLLOW_UP, Kind.STAY_IN_TOUCH), scene.at_ten(2))
    return {"talks": [talk], "owed": owed, "until": "Sunday"}


def _test(scene: Scene) -> dict[str, Any]:
    here = clock.zone(scene.timezone)
    return {"facts": [Fact("You asked", humane.exact(scene.now - timedelta(seconds=2), here))]}


def _entries(scene: Scene, kinds: Iterable[Kind], due_at: datetime) -> list[wording.Entry]:
    due = humane.exact(due_at, clock.zone(scene.timezone))
    tasks = [wording.TASKS[kind].format(name="Mira Solberg") for kind in kinds]
    return [wording.Entry(task, f"due {due}", scene.acts()) for task in tasks]


def _invitation(scene: Scene) -> dict[str, Any]:
    return invitations.values(scene.talk(scene.at_ten(3)), scene.seeker) | scene.answers()


def _update(scene: Scene) -> dict[str, Any]:
    before = {"interview": {"starts_at": scene.at_ten(2).isoformat()}}
    return invitations.values(scene.talk(scene.at_ten(3)), scene.seeker, before) | scene.answers()


def _answer(scene: Scene) -> dict[str, Any]:
    talk = scene.talk(scene.at_ten(3))
    when = humane.exact(talk.starts_at, clock.zone(scene.timezone))
    sentence = "Mira Solberg declined: “I am at sea that week.”"
    return {
        "contact": talk.contact,
        "interview": talk,
        "sentence": sentence,
        "facts": [Fact("The talk", when)],
    }


def _reply(scene: Scene) -> dict[str, Any]:
    text = "Dear Alice,\n\ngladly! Does Tuesday at ten suit you?\n\nMira"
    stop = scene.house.addresses.unsubscribe("sample")
    contact = scene.talk(scene.at_ten(3)).contact
    return {"contact": contact, "subject": "Re: A talk", "text": text, "stop": stop}


def _bounce(scene: Scene) -> dict[str, Any]:
    letter = Message(subject="A talk about your work", to="mira@example.org", interview_id=1)
    reason = "550 5.1.1 <mira@example.org>: no such mailbox"
    return {**_reply(scene), "letter": letter, "reason": reason}


def _own_copy(scene: Scene) -> dict[str, Any]:
    return invitations.own.values(scene.talk(scene.at_ten(3)), MessageKind.INVITATION, scene.seeker)


def _account(path: str = "") -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"at": scene.now, "link": f"{scene.house.base_url}{path}" if path else ""}


SAMPLES: dict[str, Sample] = {
    **{
        kind.value: Sample(REMINDERS, promise.label, MessageKind(kind), _reminder(kind))
        for kind, promise in PROMISES.items()
    },
    "catch_up": Sample(MANY, "What fell due while Fika could not write", MessageKind.DIGEST, _late),
    "digest": Sample(MANY, "The daily digest", MessageKind.DIGEST, _digest),
    "look_ahead": Sample(MANY, "The week to come", MessageKind.LOOK_AHEAD, _look_ahead),
    "test": Sample(MANY, "A test reminder", MessageKind.TEST, _test),
    "invitation": Sample(CONTACTS, "An invitation", MessageKind.INVITATION, _invitation),
    "update": Sample(CONTACTS, "A talk has moved", MessageKind.UPDATE, _update),
    "cancellation": Sample(CONTACTS, "A talk is called off", MessageKind.CANCELLATION, _invitation),
    "decline_counter": Sample(
        CONTACTS, "A proposed time does not suit", MessageKind.DECLINE_COUNTER, _invitation
    ),
    "answer": Sample(CONTACTS, "A contact answered (to you)", MessageKind.ANSWER, _answer),
    "own_copy": Sample(CONTACTS, "A talk for your own calendar (to you)", MessageKind.INVITATION, _own_copy),
    "reply": Sample(CONTACTS, "A contact wrote (to you)", MessageKind.REPLY, _reply),
    "bounce": Sample(CONTACTS, "A letter came back (to you)", MessageKind.BOUNCE, _bounce),
    "account_reset": Sample(ACCOUNT, "A forgotten password", MessageKind.ACCOUNT, _account("/reset/sample")),
    "account_password_changed": Sample(ACCOUNT, "The password was changed", MessageKind.ACCOUNT, _account()),
    "account_new_address": Sample(
        ACCOUNT, "A new address is to be confirmed", MessageKind.ACCOUNT, _account("/settings/email/sample")
    ),
    "account_address_changed": Sample(ACCOUNT, "The address was changed", MessageKind.ACCOUNT, _account()),
}
