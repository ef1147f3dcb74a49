"""The board: five columns of cards, read in three statements at most however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select, union_all
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import reminders, search
from crm.domain.answers import marks
from crm.domain.answers.marks import Mark
from crm.models import OPEN, Closed, Contact, ContactTag, Kind, Organisation, Reminder, Stage, Workspace

#: Cards shown in a column at first; more are a click away.
SHOWN = 40
#: What a column can be opened to, and where counting stops: beyond it a list is better than a board.
AT_MOST = 200


@dataclass(frozen=True)
class Card:
    """One contact as the board shows it; `due_at` is by when, or since when where there is no limit."""

    id: int
    name: str
    title: str | None
    organisation: str | None
    stage_since: datetime
    closed: Closed | None
    tags: list[str]
    due_kind: Kind | None
    due_at: datetime | None
    due_late: bool
    #: How the next talk stands, where there is anything to say.
    mark: Mark | None


@dataclass(frozen=True)
class Column:
    """One stage with its cards; `found` stops one above AT_MOST."""

    stage: Stage
    cards: list[Card]
    found: int

    @property
    def count(self) -> str:
        """How many there are, in as many characters as a head has room for."""
        return f"{AT_MOST}+" if self.found > AT_MOST else str(self.found)

    @property
    def is_whole(self) -> bool:
        """Whether every card is shown."""
        return len(self.cards) == self.found


def columns(
    workspace: Workspace,
    look_for: search.Filter,
    *,
    now: datetime,
    where: ZoneInfo,
    stages: Sequence[Stage] = tuple(Stage),
    shown: Mapping[Stage, int] | None = None,
) -> list[Column]:
    """The columns of these stages; the latest arrivals are shown, what is due first stands first."""
    limits = {stage: (shown or {}).get(stage, SHOWN) for stage in stages}
    parts = [select(_column(workspace, look_for, stage, limits[stage])) for stage in stages]
    rows = db.session.execute(union_all(*parts)).all()
    ids = [row.id for row in rows]
    # Whoever is located has no talk yet, and most are.
    met = [row.id for row in rows if row.stage != Stage.LOCATED]
    due, marked = next_due(workspace, ids, now=now), marks.of_many(workspace, met, now=now)
    of_stage: dict[str, list[Row[Any]]] = {
        stage: [row for row in rows if row.stage == stage] for stage in stages
    }
    return [
        Column(
            stage,
            sorted(
                (_card(row, due.get(row.id), marked.get(row.id), now, where) for row in of_stage[stage]),
                key=_order,
            ),
            of_stage[stage][0].found if of_stage[stage] else 0,
        )
        for stage in stages
    ]


def next_due(workspace: Workspace, contact_ids: Collection[int], *, now: datetime) -> dict[int, Reminder]:
    """For each contact what is due next and still of use, in one statement."""
    query = select(Reminder).where(
        Reminder.workspace_id == workspace.id, Reminder.contact_id.in_(contact_ids), Reminder.state.in_(OPEN)
    )
    query = query.options(joinedload(Reminder.interview))
    owed = db.session.scalars(query).all() if contact_ids else ()
    found: dict[int, Reminder] = {}
    for reminder in sorted(owed, key=lambda one: _pressing(one, now)):
        if reminders.is_of_use(reminder, now):
            found.setdefault(reminder.contact_id, reminder)
    return found


def _pressing(reminder: Reminder, now: datetime) -> tuple[float, bool, int]:
    """What has to be done first; once the brief is out it is the talk itself, not its preparation."""
    is_out = reminder.kind is Kind.BRIEF and reminders.came_due(reminder) <= now
    return reminders.item(reminder).at.timestamp(), not is_out, reminder.id


def _column(workspace: Workspace, look_for: search.Filter, stage: Stage, limit: int) -> Any:
    """One stage's rows, each with all that its card shows and with how many there are."""
    found = replace(look_for, stage=stage.value)
    query = select(
        Contact.id,
        Contact.name,
        Contact.title,
        Contact.stage,
        Contact.stage_since,
        Contact.closed,
        Organisation.name.label("organisation"),
        _tags().label("tags"),
        _how_many(workspace, found).label("found"),
    ).outerjoin(Organisation, Organisation.id == Contact.organisation_id)
    query = search.narrow(query.where(Contact.workspace_id == workspace.id), found)
    return query.order_by(Contact.stage_since.desc(), Contact.id).limit(limit).subquery()


def _tags() -> Any:
    """All of a contact's tags in one text; none of them holds a line end."""
    query: Select[str] = select(func.aggregate_strings(ContactTag.tag, "\n"))
    return query.where(ContactTag.contact_id == Contact.id).correlate(Contact).scalar_subquery()


def _how_many(workspace: Workspace, look_for: search.Filter) -> Any:
    some = search.narrow(select(Contact.id).where(Contact.workspace_id == workspace.id), look_for)
    return select(func.count()).select_from(some.limit(AT_MOST + 1).subquery()).scalar_subquery()


def _card(row: Row[Any], due: Reminder | None, mark: Mark | None, now: datetime, where: ZoneInfo) -> Card:
    return Card(
        id=row.id,
        name=row.name,
        title=row.title,
        organisation=row.organisation,
        stage_since=row.stage_since,
        closed=row.closed,
        tags=sorted(row.tags.split("\n"), key=str.casefold) if row.tags else [],
        due_kind=due.kind if due else None,
        due_at=reminders.item(due).at if due else None,
        due_late=reminders.is_overdue(due, now, where) if due else False,
        mark=mark,
    )


def _order(card: Card) -> tuple[bool, float, float]:
    """What is due first; of those with nothing due, who came last."""
    due_at = card.due_at.timestamp() if card.due_at else 0.0
    return card.due_at is None, due_at, -card.stage_since.timestamp()
