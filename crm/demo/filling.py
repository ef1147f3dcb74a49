"""Filling: the story of sixty contacts, told in the order in which it happened."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta

from crm.database import transaction
from crm.demo.cast import CAMPAIGNS, Person, people
from crm.demo.paths import PATHS, Scene
from crm.domain import accounts, campaigns, contacts
from crm.domain.mail import Letterhead
from crm.domain.reminders import writing
from crm.models import User, Workspace

EMAIL = "sam@fika.example"
PASSWORD = "coffee and good questions"  # noqa: S105  (of an account with invented people, on one machine)
ZONE = "Europe/Stockholm"

#: What happens at an instant; the number keeps the order of the list where two share it.
Story = list[tuple[datetime, int, Callable[[datetime], object]]]


def fill(*, password_hash: str, house: Letterhead, now: datetime) -> int:
    """Tell the whole story up to now; answers the number of contacts. The database must be empty."""
    begin = now - timedelta(days=80)
    with transaction():
        user = accounts.add(
            {"email": EMAIL, "name": "Sam Holm", "timezone": ZONE}, password_hash=password_hash, now=begin
        )
        workspace = accounts.workspace_of(user)
        fields = _explore(workspace, begin)
        story = _story(user, workspace, fields, house, now)
        while story:
            at, _, act = heapq.heappop(story)
            _remind(house, at)
            act(at)
        _remind(house, now)
    return len(people())


def _explore(workspace: Workspace, now: datetime) -> dict[str, int]:
    return {
        key: campaigns.add(workspace, {"name": name, "purpose": purpose}, now=now).id
        for key, (name, purpose) in CAMPAIGNS.items()
    }


def _story(
    user: User, workspace: Workspace, fields: dict[str, int], house: Letterhead, now: datetime
) -> Story:
    story: Story = []
    for number, person in enumerate(people()):
        events = PATHS[person.path]
        oldest = max((event.ago for event in events), default=timedelta(days=number % 4))
        added_at = now - oldest - timedelta(days=2, minutes=number)
        scene = _enter(user, workspace, fields[person.campaign], number, person, house, added_at)
        for event in events:
            heapq.heappush(story, (now - event.ago, number, _bound(event.act, scene)))
    return story


def _bound(act: Callable[[Scene, datetime], object], scene: Scene) -> Callable[[datetime], object]:
    return lambda at: act(scene, at)


def _enter(
    user: User,
    workspace: Workspace,
    campaign_id: int,
    number: int,
    person: Person,
    house: Letterhead,
    now: datetime,
) -> Scene:
    contact = contacts.add(
        workspace,
        {
            "name": person.name,
            "title": person.title,
            "organisation": person.organisation,
            "roles": person.roles,
            "campaigns": [campaign_id],
            "tags": [person.tag],
            "source": person.tag.capitalize(),
            "email": f"contact{number + 1}@fika.example",
            "phone": f"+46 8 555 01 {number:02}",
            "postal_address": f"{number + 3} Quay Street\n211 20 Ardenne" if number % 3 else None,
            "timezone": ("America/New_York" if number % 7 == 0 else ZONE) if number % 2 == 0 else None,
            "in_field": "now",
        },
        by=user,
        now=now,
    )
    return Scene(contact.id, number, user, house)


def _remind(house: Letterhead, now: datetime) -> None:
    """What fell due until then was reminded of, as it would have been."""
    while writing.write_due(house=house, now=now) == writing.BATCH:
        pass
