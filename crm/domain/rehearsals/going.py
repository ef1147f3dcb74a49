"""Going: a rehearsal is asked for on a page, and a tick of the scheduler brings it to a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import clock, humane, mail, notifications
from crm.domain.addresses import Addresses
from crm.domain.errors import NotAllowed, NotFound
from crm.domain.mail import Letterhead
from crm.domain.places import Fact
from crm.domain.rehearsals.steps import LASTS, is_final
from crm.models import Message, MessageKind, Notification, Rehearsal, User, Way, Workspace
from crm.models.heartbeat import IS_ASKED

#: So many test reminders within an hour are enough for anybody.
AN_HOUR = 5
KEPT = timedelta(days=30)
BATCH = 25
TITLE = "Your test reminder has come"


def ask(workspace: Workspace, user: User, *, sends: bool, now: datetime) -> Rehearsal:
    """Ask for a test reminder; nothing else happens here, the scheduler does the rest.

    Raises NotAllowed while one is under way, and for more than AN_HOUR within an hour. The user is
    locked, so that of two presses at once the second finds what the first has made.
    """
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    last = latest(workspace, user)
    if last is not None and not is_final(last, sends=sends, now=now):
        raise NotAllowed("A test reminder is on its way already. Watch it arrive first.")
    if _lately(workspace, user, now) >= AN_HOUR:
        raise NotAllowed(f"{AN_HOUR} test reminders within an hour are enough. Try again a little later.")
    rehearsal = Rehearsal(workspace_id=workspace.id, user_id=user.id, asked_at=now, node="")
    db.session.add(rehearsal)
    db.session.flush()
    return rehearsal


def get(workspace: Workspace, user: User, rehearsal_id: int) -> Rehearsal:
    """One of this user's test reminders; NotFound otherwise."""
    found = db.session.scalars(_of(workspace, user).where(Rehearsal.id == rehearsal_id)).first()
    if found is None:
        raise NotFound("test reminder")
    return found


def latest(workspace: Workspace, user: User) -> Rehearsal | None:
    """The last one that this user asked for."""
    return db.session.scalars(_of(workspace, user).order_by(Rehearsal.id.desc()).limit(1)).first()


def asked(*, ticked_at: datetime) -> Sequence[int]:
    """What a tick of the scheduler brings to a worker: what was asked for before it was sent."""
    since = ticked_at - LASTS
    query = select(Rehearsal.id).where(IS_ASKED, Rehearsal.asked_at <= ticked_at, Rehearsal.asked_at > since)
    return db.session.scalars(query.order_by(Rehearsal.asked_at).limit(BATCH)).all()


def take(
    rehearsal_id: int, *, ticked_at: datetime, node: str, house: Letterhead, now: datetime
) -> Message | None:
    """Take one and write its letter, told in the bell too; None where another worker was first."""
    claim = update(Rehearsal).where(Rehearsal.id == rehearsal_id, Rehearsal.taken_at.is_(None))
    claim = claim.values(ticked_at=ticked_at, taken_at=now, node=node).returning(Rehearsal.id)
    if db.session.scalar(claim, execution_options={"synchronize_session": False}) is None:
        return None
    rehearsal = db.session.get_one(Rehearsal, rehearsal_id, populate_existing=True)
    user = db.session.get_one(User, rehearsal.user_id)
    rehearsal.letter = mail.put(_draft(rehearsal, user), house=house, now=now)
    notifications.tell(_news(rehearsal), now=now)
    return rehearsal.letter


def sweep(*, now: datetime) -> None:
    """Forget test reminders of long ago; their letters stay in the ledger."""
    old = select(Rehearsal.id).where(Rehearsal.asked_at < now - KEPT).limit(500)
    gone = delete(Rehearsal).where(Rehearsal.id.in_(old))
    db.session.execute(gone, execution_options={"synchronize_session": False})


def _of(workspace: Workspace, user: User) -> Select[Rehearsal]:
    query = select(Rehearsal).where(Rehearsal.workspace_id == workspace.id, Rehearsal.user_id == user.id)
    return query.options(joinedload(Rehearsal.letter))


def _lately(workspace: Workspace, user: User, now: datetime) -> int:
    hour = Rehearsal.asked_at > now - timedelta(hours=1)
    query = select(func.count(Rehearsal.id)).where(
        Rehearsal.workspace_id == workspace.id, Rehearsal.user_id == user.id, hour
    )
    return db.session.scalar(query) or 0


def _draft(rehearsal: Rehearsal, user: User) -> mail.Draft:
    return mail.Draft(
        kind=MessageKind.TEST,
        letter="test",
        user=user,
        workspace_id=rehearsal.workspace_id,
        dedupe_key=f"rehearsal {rehearsal.id}",
        values={"facts": _facts(rehearsal, clock.zone(user.timezone))},
        not_after=rehearsal.asked_at + LASTS,
        urgent=True,
    )


def _facts(rehearsal: Rehearsal, here: ZoneInfo) -> list[Fact]:
    assert rehearsal.ticked_at is not None
    return [
        Fact("You asked", humane.to_the_tenth(rehearsal.asked_at, here)),
        Fact("The scheduler ticked", humane.to_the_tenth(rehearsal.ticked_at, here)),
        Fact("The worker", rehearsal.node),
    ]


def _news(rehearsal: Rehearsal) -> Notification:
    return Notification(
        workspace_id=rehearsal.workspace_id,
        user_id=rehearsal.user_id,
        dedupe_key=f"rehearsal {rehearsal.id}",
        kind=MessageKind.TEST,
        urgent=True,
        title=TITLE,
        text="The bell works. A letter is on its way to you, too.",
        path=Addresses("").health(),
        due_at=rehearsal.asked_at,
        not_after=rehearsal.asked_at + LASTS,
        way=Way.LETTER,
        letter=rehearsal.letter,
    )
