"""Telling: after a date was set, moved or called off, what the contact will hear, and how to take it back."""

from __future__ import annotations

from datetime import datetime

from flask import flash

from crm.domain import invitations, mail
from crm.models import Interview, Message, MessageKind, MessageState
from crm.views import names, ways
from crm.views.house import settings

LETTERS = {
    MessageKind.INVITATION: "the invitation",
    MessageKind.UPDATE: "the news of it",
    MessageKind.CANCELLATION: "the cancellation",
}


def say(interview: Interview, what: str, now: datetime, undo: str = "", silence: str = "") -> None:
    """Flash what was done and what leaves now; `undo` takes it back where no letter was written.

    `silence` is said where nothing leaves, instead of the reason.
    """
    letter = _just_written(interview, now)
    if letter is None:
        ways.done(f"{what}. {silence or _silence(interview, now)}", undo)
    elif mail.undoable(letter, now):
        ways.done(f"{what}; {LETTERS[letter.kind]} {_leaves()}.", f"/mail/{letter.id}/undo")
    else:
        flash(f"{what}, but {LETTERS[letter.kind]} cannot be sent. {letter.server_reply}", "error")


def state_of(letter: Message) -> str:
    """Where a letter stands; where nothing is sent, what waits is only kept."""
    state = mail.shown_state(letter)
    return "kept" if state is MessageState.WAITING and settings().smtp is None else state.value


def _just_written(interview: Interview, now: datetime) -> Message | None:
    letters = invitations.letters(interview)
    return letters[0] if letters and letters[0].created_at == now else None


def _leaves() -> str:
    """What becomes of it in ten seconds; without a mail server it must not sound as if it left."""
    if settings().smtp is None:
        return "is written and kept, since this installation sends no mail"
    return f"leaves in {int(mail.GRACE.total_seconds())} seconds"


def _silence(interview: Interview, now: datetime) -> str:
    """Why the contact hears nothing of it."""
    contact = interview.contact
    reason = invitations.hindrance(contact, interview.medium, interview.starts_at, now)
    if reason:
        return reason
    if not interview.invited:
        return f"{names.first(contact.name)} gets no letter from here, so tell them yourself."
    return "The letter about it had not left yet, so nobody hears of it."
