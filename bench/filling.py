"""Rows by the thousand, written in bulk: people, what is due to them, and letters that wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, Table, cast, delete, insert, literal, select, text

from crm.database import Base, db, new_key, straight, transaction, utcnow
from crm.models import (
    Contact,
    Interview,
    Kind,
    Medium,
    Membership,
    Message,
    MessageBody,
    Organisation,
    Reminder,
    ReminderState,
    User,
    Workspace,
)

OWNERS = 200
ZONE = "Europe/Berlin"
NOTES = "Met at the careers fair.\nKnows membranes & pumps, and who else to ask."
#: What comes due, in turns: the commonest promises, with a talk and without one.
KINDS = (Kind.FOLLOW_UP, Kind.PREPARE, Kind.THANK_YOU, Kind.STAY_IN_TOUCH, Kind.ASK)


#: What a letter says, beside its row.
_BODY = (MessageBody.text, MessageBody.html, MessageBody.raw)


def people(count: int, owners: int = OWNERS) -> None:
    """So many contacts of so many owners, each with an organisation and a talk tomorrow."""
    now = utcnow()
    with transaction():
        _add(Workspace, [{"name": f"Workspace {n}", "created_at": now} for n in range(1, owners + 1)])
        _add(User, [_user(n, now) for n in range(1, owners + 1)])
        _add(Membership, [{"workspace_id": n, "user_id": n} for n in range(1, owners + 1)])
        _add(Organisation, [_organisation(n, now) for n in range(1, owners + 1)])
        _add(Contact, [_contact(n, n % owners + 1, now) for n in range(1, count + 1)])
        _add(Interview, [_interview(n, n % owners + 1, now) for n in range(1, count + 1)])


def due(count: int, owners: int = OWNERS) -> None:
    """One promise to each contact, due a minute ago; what was there before is gone."""
    now = utcnow()
    with transaction():
        for table in reversed(Base.metadata.sorted_tables):
            if {"reminder_id", "message_id"} & set(table.columns.keys()) or table.name == "reminders":
                db.session.execute(delete(table))
        talk_at = db.session.scalar(select(Interview.starts_at).limit(1)) or now
        _add(Reminder, [_reminder(n, n % owners + 1, now, talk_at) for n in range(1, count + 1)])


def pending(count: int, owners: int = OWNERS, days: int = 20) -> None:
    """So many promises that come due within the next days, written by the database itself."""
    now = utcnow()
    for day in range(1, days + 1):
        due_at = now + timedelta(days=day)
        steps = [["once", due_at.isoformat()]]
        facts = _reminder(0, 0, now, now) | {"kind": Kind.COMMITMENT, "due_at": due_at, "steps": steps}
        with transaction():
            _multiply(facts, count // days, owners, f"day {day}, ")
    with straight() as connection:
        connection.execute(text("ANALYZE"))


def _multiply(facts: dict[str, Any], count: int, owners: int, word: str) -> None:
    """The same row many times, each for another contact and about something else."""
    numbers = select(literal(0).label("n")).cte(recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count - 1))
    owner = numbers.c.n % owners + 1
    table = _table(Reminder)
    columns: dict[str, ColumnElement[Any]] = {
        name: literal(value, table.c[name].type) for name, value in facts.items() if value is not None
    }
    columns |= {"workspace_id": owner, "owner_id": owner, "contact_id": owner}
    columns |= {"subject": literal(word) + cast(numbers.c.n, String), "step": literal(0)}
    columns |= {"state": literal(ReminderState.PENDING, table.c.state.type)}
    db.session.execute(insert(table).from_select(list(columns), select(*columns.values())))


def rendered() -> list[dict[str, Any]]:
    """Letters that were written, as plain values to be put back."""
    db.session.rollback()
    bodies = select(_table(Message), *_BODY).join(MessageBody, MessageBody.message_id == Message.id)
    return [dict(row) for row in db.session.execute(bodies).mappings()]


def waiting(letters: list[dict[str, Any]]) -> None:
    """These letters, and only these, wait to be sent."""
    now = utcnow()
    with transaction():
        db.session.execute(delete(MessageBody))
        db.session.execute(delete(Message))
        # Reminders are of other databases: what is sent asks for none.
        fresh = {"next_try_at": now, "created_at": now, "not_after": now + timedelta(days=1)}
        rows = [{**one, **fresh, "reminder_id": None} for one in letters]
        says = ("id", "workspace_id", *(column.key for column in _BODY))
        heads = [{k: v for k, v in one.items() if k not in says[2:]} for one in rows]
        db.session.execute(insert(_table(Message)), heads)
        _add(MessageBody, [{"message_id" if k == "id" else k: one[k] for k in says} for one in rows])


def unsent() -> int:
    """How many letters the server has not taken."""
    db.session.rollback()
    return sum(1 for state in db.session.scalars(select(Message.state)) if state != "sent")


def _add(model: type[Base], rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(model), rows)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _user(n: int, now: datetime) -> dict[str, Any]:
    facts = {"name": f"Alice Ahlgren {n}", "email": f"alice{n}@example.org", "timezone": ZONE}
    return {**facts, "fs_uniquifier": new_key(), "created_at": now}


def _organisation(n: int, now: datetime) -> dict[str, Any]:
    facts = {"name": f"Lakeside Water {n}", "name_key": f"lakeside water {n}"}
    return {**facts, "workspace_id": n, "created_at": now}


def _contact(n: int, owner: int, now: datetime) -> dict[str, Any]:
    name = f"Zoë Lind {n}"
    return {
        "workspace_id": owner,
        "owner_id": owner,
        "organisation_id": owner,
        "name": name,
        "name_key": name.casefold(),
        "email": f"zoe{n}@example.com",
        "email_key": f"zoe{n}@example.com",
        "phone": "+49 30 1234567",
        "title": "Supervisor",
        "notes": NOTES,
        "stage_since": now,
        "touched_at": now - timedelta(days=7),
        "created_at": now,
        "updated_at": now,
    }


def _interview(n: int, owner: int, now: datetime) -> dict[str, Any]:
    starts_at = now + timedelta(days=1)
    return {
        "workspace_id": owner,
        "contact_id": n,
        "owner_id": owner,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=20),
        "wall_start": starts_at.replace(tzinfo=None),
        "timezone": ZONE,
        "minutes": 20,
        "medium": Medium.VIDEO,
        "place": "https://meet.example.org/room",
        "uid": f"interview-{n}@fika.example.org",
        "created_at": now,
        "updated_at": now,
    }


def _reminder(n: int, owner: int, now: datetime, talk_at: datetime) -> dict[str, Any]:
    kind, due_at = KINDS[n % len(KINDS)], now - timedelta(minutes=1)
    talk = kind in (Kind.PREPARE, Kind.THANK_YOU)
    return {
        "workspace_id": owner,
        "owner_id": owner,
        "contact_id": n,
        "interview_id": n if talk else None,
        "kind": kind,
        "subject": f"interview {n}" if talk else "",
        "anchor_at": talk_at if kind is Kind.PREPARE else now - timedelta(hours=2),
        "steps": [["at_once" if talk else "once", due_at.isoformat()]],
        "due_at": due_at,
        "created_at": now,
        "updated_at": now,
    }
