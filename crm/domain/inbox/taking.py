"""Taking a message in: what it means is written in the same unit of work as the row that says it was read."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from crm.database import exclusive
from crm.domain.inbox import answering, delivery, dropping, keeping, matching
from crm.domain.inbox.keeping import Case
from crm.domain.inbox.reading import Incoming
from crm.domain.mail import Letterhead
from crm.models import Received, User, Workspace

#: In this order: what servers report looks like mail from people, and people's answers like anything.
_STEPS = (
    delivery.of_complaint,
    delivery.of_report,
    answering.of_calendar,
    dropping.of_dropbox,
    answering.of_person,
)


def take(mail: Incoming, *, house: Letterhead, now: datetime) -> Received:
    """Do what a message means, once, however often it comes. Nothing is ever written to its sender."""
    exclusive("inbox")
    found = keeping.known(mail.digest)
    if found is not None:
        return found
    case = Case(mail, house, now)
    if matching.is_ours(mail.sender.address, house.mail_from):
        # A copy of what we sent, or somebody who pretends to be us.
        return keeping.forget(case)
    for step in _STEPS:
        row = step(case)
        if row is not None:
            return row
    return keeping.forget(case)


def take_file(
    mail: Incoming, *, workspace: Workspace, user: User, house: Letterhead, now: datetime
) -> Received:
    """The same with a message that a user gave us, for that user alone: it proves nothing about letters."""
    exclusive("inbox")
    here = keeping.known(mail.digest)
    if here is not None and here.workspace_id == workspace.id:
        return here
    digest = hashlib.sha256(f"{workspace.id} {mail.digest}".encode()).hexdigest()
    found = keeping.known(digest)
    if found is not None:
        return found
    return dropping.of_upload(Case(replace(mail, digest=digest), house, now), workspace, user)
