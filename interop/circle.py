"""The mail circle: letters leave by Postfix, lie in Dovecot's mailboxes, and are answered to us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from interop.findings import Finding, absent, attempt
from interop.ground import Product, product, until
from interop.packages import library, version
from interop.post import dovecot, letters, postfix
from interop.readers import libical
from tests.services.run import free_port

PROGRAM = "Postfix and Dovecot"
#: The mailbox that the product reads, somebody's, and one that is nobody's.
OURS, THEIRS, NOBODYS = "crm@fika.example", "zoe@people.example", "gone@people.example"


class Circle:
    """The servers with the product between them, and one contact's mailbox."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.smtp, self.imap, lmtp = free_port(), free_port(), free_port()
        self.folder = folder
        running.enter_context(dovecot.serve(folder / "dovecot", self.imap, lmtp, [OURS, THEIRS]))
        domains = ", ".join(sorted({address.partition("@")[2] for address in (OURS, THEIRS)}))
        running.enter_context(postfix.serve(folder / "postfix", self.smtp, lmtp, domains))
        user, password = (each.replace("@", "%40").replace(" ", "%20") for each in (OURS, dovecot.PASSWORD))
        self.fika: Product = running.enter_context(
            product(
                folder / "mail",
                SMTP_URL=f"smtp://127.0.0.1:{self.smtp}",
                MAIL_FROM=OURS,
                IMAP_URL=f"imap://{user}:{password}@127.0.0.1:{self.imap}/INBOX",
            )
        )
        self.start = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=20)
        self.contact, self.talk = self._invite("Zoë Ålund", THEIRS)
        self.lost, self.lost_talk = self._invite("Gone Away", NOBODYS)

    def _invite(self, name: str, email: str) -> tuple[str, str]:
        contact = self.fika.post("/contacts", {"name": name, "email": email})["id"]
        facts = {"starts_at": self.start.isoformat(), "timezone": "Europe/Berlin", "minutes": 30}
        return contact, self.fika.post(f"/contacts/{contact}/interviews", facts)["id"]

    def invited(self) -> str:
        """The invitation lies in the contact's mailbox, and libical has nothing against it."""
        letter, found = self._came("REQUEST", 0)
        assert found.start == self.start, f"invited for {found.start} instead of {self.start}"
        assert found.attendee == THEIRS, f"{found.attendee} was invited"
        assert OURS.partition("@")[0] in found.organizer, f"answers would go to {found.organizer}"
        checked = ""
        if library("ical"):
            file = self.folder / "invitation.ics"
            file.write_bytes(letters.calendar_bytes(letter))
            libical.read(file)
            checked = ", lawful to libical"
        return f"an invitation arrived{checked}"

    def accepted(self) -> str:
        """The contact's program says yes."""
        letters.send(letters.answer(self._came("REQUEST", 0)[1], "ACCEPTED"), self.smtp)
        until(lambda: self._talk()["rsvp"] == "accepted", "rsvp: accepted")
        self._entry(self.contact, "rsvp")
        return "REPLY: rsvp is accepted, and on the timeline"

    def countered(self) -> str:
        """The contact's program proposes another time."""
        wished = self._came("REQUEST", 0)[1].at(self.start + timedelta(days=1))
        letters.send(letters.counter(wished, "Rather on the day after"), self.smtp)
        (proposal,) = until(lambda: self._talk()["proposals"], "the proposal")
        assert datetime.fromisoformat(proposal["starts_at"]) == wished.start, f"proposed: {proposal}"
        assert proposal["comment"] == "Rather on the day after", f"proposed: {proposal}"
        return "COUNTER: one proposal, at its instant, with its comment"

    def written(self) -> str:
        """The contact writes back, with what they were written below."""
        letter = self._came("REQUEST", 0)[0]
        letters.send(letters.reply(letter, "I am looking forward to it, Zoë."), self.smtp)
        entry = self._entry(self.contact, "reply")
        assert "looking forward to it, Zoë." in entry["text"], f"the timeline says: {entry['text']}"
        assert "\n>" not in entry["text"], f"what was quoted is not folded away: {entry['text']}"
        return "a reply is on the timeline, without what it quotes"

    def away(self) -> str:
        """The contact's server says that nobody is there."""
        letter = self._came("REQUEST", 0)[0]
        letters.send(letters.out_of_office(letter, "I am out of the office until Monday."), self.smtp)
        self._entry(self.contact, "auto_reply")
        return "an out-of-office is on the timeline as such"

    def bounced(self) -> str:
        """Dovecot knows no such mailbox, so that Postfix writes to the letter's own return address."""

        def failed() -> Any:
            found = self.fika.get(f"/messages?kind=invitation&contact={self.lost}&state=failed")["items"]
            return [letter["bounce"] for letter in found if letter["bounce"]]

        (bounce,) = until(failed, "the bounce")
        assert bounce["status"] == "5.1.1", f"bounce: {bounce}"
        self._entry(self.lost, "bounce")
        return f"a bounce by Postfix: the message failed with {bounce['status']}, and it is on the timeline"

    def moved(self) -> str:
        """The talk is moved, and then called off: both come with the same UID and a higher SEQUENCE."""
        first = self._came("REQUEST", 0)[1]
        later = self.start + timedelta(days=2)
        self.fika.call("PATCH", f"/interviews/{self.talk}", {"starts_at": later.isoformat()})
        update = self._came("REQUEST", 1)[1]
        assert (update.uid, update.start) == (first.uid, later), f"the update says {update}"
        assert self._talk()["rsvp"] == "needs_action", "the answer to the old time still stands"
        self.fika.post(f"/interviews/{self.talk}/cancel")
        gone = self._came("CANCEL", 2)[1]
        assert (gone.uid, gone.organizer) == (first.uid, first.organizer), f"the cancellation says {gone}"
        return "an update and a CANCEL arrived, of the same UID"

    def _talk(self) -> Any:
        return self.fika.get(f"/interviews/{self.talk}")

    def _came(self, method: str, sequence: int) -> tuple[EmailMessage, letters.Invitation]:
        """The letter of this method and SEQUENCE in the contact's mailbox, as soon as it is there."""

        def look() -> list[tuple[EmailMessage, letters.Invitation]]:
            read = [(each, letters.invitation(each)) for each in dovecot.letters(self.imap, THEIRS)]
            return [pair for pair in read if (pair[1].method, pair[1].sequence) == (method, sequence)]

        (found,) = until(look, f"{method} with SEQUENCE {sequence}")
        return found

    def _entry(self, contact: str, kind: str) -> dict[str, Any]:
        """The entry of this kind on a contact's timeline, as soon as it is there."""

        def look() -> list[dict[str, Any]]:
            return [e for e in self.fika.get(f"/contacts/{contact}/timeline")["items"] if e["kind"] == kind]

        return until(look, f"{kind} on the timeline")[0]


def play(folder: Path) -> Iterator[Finding]:
    """What becomes of a letter and of each kind of answer."""
    if needed := " and ".join(filter(None, (postfix.needs(), dovecot.needs()))):
        yield absent(PROGRAM, f"needs {needed}")
        return
    versions = version("postfix", "dovecot-imapd")
    with ExitStack() as running:
        circle = Circle(folder, running)
        steps: tuple[Callable[[], str], ...] = (
            *(circle.invited, circle.accepted, circle.countered, circle.written, circle.away),
            *(circle.bounced, circle.moved),
        )
        for step in steps:
            yield attempt(PROGRAM, versions, step)
