"""The letters of an invitation: which were written, which may have been read, which came back."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from crm.database import db
from crm.models import Interview, Message, MessageKind, MessageState

#: A letter in one of these states may have been read.
GONE = (
    MessageState.SENT,
    MessageState.SENDING,
    MessageState.TRANSMITTING,
    MessageState.DOUBTFUL,
    MessageState.UNCERTAIN,
)
#: A letter in one of these states has not reached anybody, and will not.
LOST = (MessageState.FAILED, MessageState.SUPPRESSED)
#: Those that were never to leave say nothing about whether the contact can be reached.
DROPPED = (MessageState.CANCELLED, MessageState.EXPIRED)


def letters(interview: Interview) -> list[Message]:
    """All that was ever written to the contact about this interview, latest first."""
    return _letters(interview, *MessageState)[::-1]


def waiting(interview: Interview) -> list[Message]:
    """Letters about this interview to the contact that have not left yet, oldest first."""
    return _letters(interview, MessageState.WAITING)


def told(interview: Interview, address: str = "") -> bool:
    """Whether a letter about this interview may have been read, at the contact's address by default."""
    address = (address or interview.contact.email or interview.guest).casefold()
    return any(letter.to.casefold() == address for letter in _letters(interview, *GONE))


def called_off(interview: Interview) -> bool:
    """Whether a cancellation may have reached the contact, or is about to; those to older addresses aside."""
    gone = _letters(interview, *GONE, MessageState.WAITING)
    return any(
        letter.kind is MessageKind.CANCELLATION and letter.to.casefold() == interview.guest for letter in gone
    )


def undelivered(interview: Interview) -> Message | None:
    """The latest letter to the contact, where it did not arrive."""
    return undelivered_of_many([interview]).get(interview.id)


def undelivered_of_many(talks: Collection[Interview]) -> dict[int, Message]:
    """The same of several talks of one workspace, by their ids; one query."""
    if not talks:
        return {}
    of_these = (
        Message.workspace_id == next(iter(talks)).workspace_id,
        Message.interview_id.in_([talk.id for talk in talks]),
        Message.to_contact.is_(True),
        Message.state.not_in(DROPPED),
    )
    latest = select(func.max(Message.id)).where(*of_these).group_by(Message.interview_id)
    query = select(Message).where(Message.id.in_(latest), Message.state.in_(LOST))
    return {letter.interview_id: letter for letter in db.session.scalars(query) if letter.interview_id}


def interview_of(message: Message) -> Interview | None:
    """The interview that a letter tells of."""
    query = select(Interview).where(
        Interview.workspace_id == message.workspace_id, Interview.id == message.interview_id
    )
    return db.session.scalars(query.with_for_update()).first()


def _letters(interview: Interview, *states: MessageState) -> list[Message]:
    query = select(Message).where(
        Message.workspace_id == interview.workspace_id,
        Message.interview_id == interview.id,
        Message.to_contact.is_(True),
        Message.state.in_(states),
    )
    return list(db.session.scalars(query.order_by(Message.id)))
