"""One contact's whole way, told through every letter that it causes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import contacts, interviews, pipeline, reminders, subscriptions, thanks, touches
from crm.domain.reminders import digests, looking_ahead
from crm.models import Contact, Interest, Interview, Kind, Message, MessageKind, MessageState, Stage, Way
from tests.cast import Cast
from tests.domain import play
from tests.domain.play import DAY, HOUR, HOUSE, MINUTE, local

LOOK_AHEAD = MessageKind.LOOK_AHEAD
#: When Ada is met, and when that talk ends.
TALK = local("2026-04-21 10:00")
END = TALK + 25 * MINUTE

ADA = {
    "organisation": "Kitsap Water & Sewage <Ltd>",
    "title": "Process engineer",
    "phone": "+234 803 555 0100",
    "linkedin_url": "https://www.linkedin.com/in/ada-okafor",
    "postal_address": "14 Marina Road\nLagos Island",
    "notes": 'Met at the careers fair.\nKnows "everything" about membranes & pumps.',
}
GRETA = {
    "name": "Dr. Greta Lind",
    "email": "greta@example.com",
    "organisation": "Waterworks North",
    "title": "Head of laboratory",
    "phone": "+46 8 555 01 00",
    "interest": "champion",
}


class Story:
    """Tells it step by step, and keeps each letter under a name."""

    def __init__(
        self,
        cast: Cast,
        ada: dict[str, str] = ADA,
        greta: dict[str, str] = GRETA,
        street: str = "Marina Road",
    ) -> None:
        self.cast, self.ada, self.about_greta = cast, ada, greta
        self.street = f"{street}, Lagos Island"
        self.letters: dict[str, Message] = {}

    def tell(self) -> dict[str, Message]:
        """All letters by name."""
        self._asking()
        self._planning()
        self._meeting()
        self._thanking()
        self._others()
        return self.letters

    def _do(self, verb: Callable[..., Any], *args: Any, **more: Any) -> Any:
        with transaction():
            return verb(*args, by=self.cast.alice, **more)

    def _write(self, now: datetime, *names: str) -> None:
        with transaction():
            written = play.write(now)
        for name, letter in zip(names, written, strict=True):
            self.letters[name] = letter

    def _sent(self, name: str) -> None:
        """The letter that waits for a contact is kept under a name, and leaves."""
        with transaction():
            waits = Message.to_contact.is_(True), Message.state == MessageState.WAITING
            letter = db.session.scalars(select(Message).where(*waits)).one()
            letter.state = MessageState.SENT
            self.letters[name] = letter

    def _asking(self) -> None:
        now, cast = local("2026-03-10 10:00"), self.cast
        self.greta = self._do(contacts.add, cast.workspace, self.about_greta, now=now)
        self._do(contacts.change, cast.ada, {**self.ada, "referred_by": self.greta.id}, now=now)
        self._do(contacts.change, self.greta, {"closed": "parked"}, now=now)
        self._write(local("2026-03-13 08:00"), "ask")
        self._do(touches.log, cast.ada, "ask", now=local("2026-03-13 10:00"))
        self._write(local("2026-03-20 08:00"), "follow_up")
        self._write(local("2026-03-27 08:00"), "follow_up_once_more")
        self._write(local("2026-04-03 08:00"), "close")
        with transaction():
            later = local("2026-04-05 08:00")
            reminders.snooze(play.one(cast.ada, Kind.FOLLOW_UP), later, now=later - DAY)
        self._write(later, "follow_up_put_off")

    def _planning(self) -> None:
        self._do(pipeline.move, self.cast.ada, Stage.AGREED, now=local("2026-04-06 10:00"))
        self._write(local("2026-04-08 08:00"), "set_date")
        facts = {"medium": "in_person", "place": f"12 {self.street}"}
        now = local("2026-04-08 10:00")
        self.talk = self._plan(self.cast.ada, TALK - DAY, now, **facts)
        self._sent("invitation")
        self._change(self.talk, now + HOUR, starts_at=TALK)
        self._sent("update")
        self._change(self.talk, now + 2 * HOUR, place=f"14 {self.street}")
        self._sent("update_of_the_place")

    def _plan(self, contact: Contact, starts_at: datetime, now: datetime, **facts: Any) -> Interview:
        found: Interview = self._do(
            interviews.plan, contact, starts_at=starts_at, now=now, house=HOUSE, **facts
        )
        return found

    def _change(self, interview: Interview, now: datetime, **values: Any) -> None:
        self._do(interviews.change, interview, values, now=now, house=HOUSE)

    def _meeting(self) -> None:
        self._write(TALK - 2 * DAY, "prepare")
        self._write(local("2026-04-20 18:00"), "brief")
        self._write(TALK - 2 * HOUR, "brief_two_hours_before")
        self._write(TALK + 80 * MINUTE, "how_did_it_go")
        notes = "Look into membrane operators.\n\nHer sister works at the port."
        self._do(interviews.complete, self.talk, now=TALK + 90 * MINUTE, ended_at=END, notes=notes)

    def _thanking(self) -> None:
        self._write(TALK + 90 * MINUTE, "thank_you")
        self._write(END + 4 * HOUR, "thank_you_in_the_day")
        self._write(END + 22 * HOUR, "thank_you_two_hours_left")
        self._write(END + 25 * HOUR + MINUTE, "thank_you_overdue_and_late")
        with transaction():
            thanks.record(self.cast.ada, by_user=self.cast.alice, now=END + 26 * HOUR)
        self._write(END + 26 * HOUR + 2 * DAY, "tell_referrer")
        self._write(END + 26 * HOUR + 21 * DAY, "stay_in_touch")

    def _others(self) -> None:
        """Greta: by phone and called off, by video, by letter; and many that came late."""
        now, start = local("2026-06-01 09:00"), local("2026-06-20 14:00")
        self._do(contacts.change, self.greta, {"closed": None}, now=now)
        call = self._plan(self.greta, start, now, medium="phone", minutes=15)
        self._sent("invitation_by_phone")
        self._do(interviews.cancel, call, now=now, house=HOUSE)
        self._sent("cancellation")
        self._write(local("2026-06-03 08:00"), "set_date_anew")
        video = self._plan(
            self.greta, start, now + 2 * DAY, medium="video", place="https://meet.example.org/x"
        )
        self._sent("invitation_by_video")
        self._write(start - 2 * DAY, "prepare_by_video")
        self._change(video, start - DAY, medium="email")
        self._sent("cancellation_by_letter")
        self._do(interviews.complete, video, now=start)
        with transaction():
            thanks.record(self.greta, by_user=self.cast.alice, now=start)
        self._do(touches.log, self.greta, "call", now=start + DAY)
        self._write(start + 43 * DAY, "stay_in_touch_champion")
        self._catch_up(start + 43 * DAY)

    def _catch_up(self, now: datetime) -> None:
        self._do(interviews.complete, self._plan(self.cast.ada, now - HOUR, now), now=now)
        for name in ("Bea", "Cem", "Dag", "Eva", "Finn"):
            self._do(contacts.add, self.cast.workspace, {"name": name}, now=now)
        self._do(contacts.change, self.cast.ada, {"interest": Interest.WARM}, now=now)
        self._write(now + 10 * DAY, "catch_up")
        self._gather(now + 12 * DAY)

    def _gather(self, now: datetime) -> None:
        """What comes together: the daily digest, and the week to come."""
        alice, workspace = self.cast.alice, self.cast.workspace
        with transaction():
            for kind, way in ((Kind.ASK, Way.DIGEST), (Kind.THANK_YOU, Way.DIGEST), (LOOK_AHEAD, Way.LETTER)):
                subscriptions.choose(alice, workspace.id, kind, way, now=now)
        self._do(contacts.add, workspace, {"name": "Gitta"}, now=now)
        morning = now.replace(hour=6, minute=0) + 3 * DAY
        self._write(morning)
        self.letters["digest"] = self._of_kind(digests.write_digests, MessageKind.DIGEST, morning)
        self._plan(self.cast.ada, morning + 9 * DAY, morning, invite=False)
        sunday = local("2026-08-23 18:00")
        self.letters["look_ahead"] = self._of_kind(looking_ahead.write_look_aheads, LOOK_AHEAD, sunday)

    def _of_kind(self, write: Callable[..., int], kind: MessageKind, now: datetime) -> Message:
        """The letter of a kind that is written now."""
        with transaction():
            write(house=HOUSE, now=now)
        query = select(Message).where(Message.kind == kind).order_by(Message.id.desc())
        return db.session.scalars(query).first() or Message()
