"""Telling the seeker what a contact answered: in the bell at once, and by a letter where they want those."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.database import db
from crm.domain import invitations, mail, notifications, subscriptions
from crm.domain.addresses import Addresses
from crm.domain.places import Fact
from crm.models import Answer, Interview, Message, MessageKind, Notification, User, Way

HERE = Addresses("")
#: An answer that could not be told for so long was seen elsewhere.
USEFUL = timedelta(days=7)


def tell(
    answer: Answer, interview: Interview, sentence: str, *, house: mail.Letterhead, now: datetime
) -> None:
    """Told once, however often it is called."""
    owner = db.session.get_one(User, interview.owner_id)
    letter = _letter(answer, interview, sentence, owner, house, now)
    news = Notification(
        workspace_id=interview.workspace_id,
        user_id=owner.id,
        dedupe_key=f"answer {answer.id}",
        kind=MessageKind.ANSWER,
        title=sentence[:300],
        text=f"The talk: {invitations.when(interview.starts_at, owner)}",
        path=HERE.interview(interview.id),
        due_at=now,
        not_after=now + USEFUL,
        way=Way.OFF if letter is None else Way.LETTER,
        letter=letter,
    )
    notifications.tell(news, now=now)


def _letter(
    answer: Answer, interview: Interview, sentence: str, owner: User, house: mail.Letterhead, now: datetime
) -> Message | None:
    """None where the user does not want these."""
    workspace_id = interview.workspace_id
    if subscriptions.way(owner, workspace_id, MessageKind.ANSWER) is Way.OFF:
        return None
    secret = subscriptions.token(owner, workspace_id, MessageKind.ANSWER)
    facts = [Fact("The talk", invitations.when(interview.starts_at, owner))]
    draft = mail.Draft(
        kind=MessageKind.ANSWER,
        letter="answer",
        user=owner,
        workspace_id=workspace_id,
        dedupe_key=f"answer {answer.id} mail",
        values={"contact": interview.contact, "interview": interview, "sentence": sentence, "facts": facts},
        contact=interview.contact,
        interview_id=interview.id,
        not_after=now + USEFUL,
        unsubscribe=house.addresses.unsubscribe(secret),
    )
    return mail.put(draft, house=house, now=now)
