"""Keeping: what a user wishes, read and changed."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_

from crm.database import db, exclusive
from crm.domain.errors import Invalid
from crm.domain.preferences import holding
from crm.domain.preferences.quiet import DAYS
from crm.models import OwnCopy, Preference, User

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
TIMES = ("digest_at", "quiet_from", "quiet_until")
FIELDS = (*TIMES, "near_in_digest", "days_off")


def of(user: User, workspace_id: int) -> Preference:
    """What this user wishes in a workspace; where nothing was ever changed, what everybody begins with.

    That one is not kept yet: reading a page writes nothing.
    """
    return find(user.id, workspace_id) or _at_first(workspace_id, user.id)


def of_many(owners: Collection[tuple[int, int]]) -> dict[tuple[int, int], Preference]:
    """The same for several users, each named by the ids of workspace and user."""
    query = select(Preference).where(tuple_(Preference.workspace_id, Preference.user_id).in_(list(owners)))
    found = {(row.workspace_id, row.user_id): row for row in db.session.scalars(query)}
    return {owner: found.get(owner) or _at_first(*owner) for owner in owners}


def find(user_id: int, workspace_id: int, *, lock: bool = False) -> Preference | None:
    """The row, where there is one."""
    query = select(Preference).where(Preference.workspace_id == workspace_id, Preference.user_id == user_id)
    return db.session.scalars(query.with_for_update() if lock else query).first()


def change(user: User, workspace_id: int, values: dict[str, Any], *, now: datetime) -> Preference:
    """Change some of the wishes: `digest_at`, `near_in_digest`, `quiet_from`, `quiet_until`, `days_off`.

    Times of day are "HH:MM" in the user's zone. Raises Invalid, a sentence for each field that
    cannot be used, and changes nothing then.
    """
    kept = kept_of(user, workspace_id)
    wished = {name: values.get(name, getattr(kept, name)) for name in FIELDS}
    wished |= {name: wished[name] or None for name in ("quiet_from", "quiet_until")}
    wished |= {"days_off": wished["days_off"] or (), "near_in_digest": bool(wished["near_in_digest"])}
    _check(wished)
    wished["days_off"] = tuple(day for day in DAYS if day in wished["days_off"])
    if any(wished[name] != getattr(kept, name) for name in ("digest_at", "days_off")):
        look_again(kept, now=now)
    for name, value in wished.items():
        setattr(kept, name, value)
    db.session.flush()
    holding.look_again(user_id=user.id, workspace_id=workspace_id, now=now)
    return kept


def look_again(wishes: Preference, *, now: datetime) -> None:
    """The hour, a day off or the zone has changed: the next tick finds out what that means for today."""
    wishes.digest_next_at = wishes.digest_next_at and now
    wishes.look_ahead_next_at = wishes.look_ahead_next_at and now


def kept_of(user: User, workspace_id: int) -> Preference:
    """The row, locked; made at first need."""
    found = find(user.id, workspace_id, lock=True)
    if found is None:
        # Two tabs that both change something for the first time make one row.
        exclusive(f"preferences of {user.id} in {workspace_id}")
        found = find(user.id, workspace_id, lock=True) or of(user, workspace_id)
        db.session.add(found)
        db.session.flush()
    return found


def _at_first(workspace_id: int, user_id: int) -> Preference:
    return Preference(
        workspace_id=workspace_id,
        user_id=user_id,
        digest_at="08:00",
        near_in_digest=False,
        days_off=(),
        own_copy=OwnCopy.FEED,
    )


def _check(wished: dict[str, Any]) -> None:
    errors = {name: _no_time(wished[name]) for name in TIMES}
    if not wished["digest_at"]:
        errors["digest_at"] = "Choose an hour for the digest, such as 08:00."
    errors["days_off"] = _no_days(wished["days_off"])
    if not (errors["quiet_from"] or errors["quiet_until"]):
        errors |= _no_hours(wished["quiet_from"], wished["quiet_until"])
    if errors := {name: sentence for name, sentence in errors.items() if sentence}:
        raise Invalid(**errors)


def _no_time(shown: Any) -> str:
    """What is wrong with a time of day; nothing where it is one, or none."""
    if not shown or (isinstance(shown, str) and CLOCK.fullmatch(shown)):
        return ""
    return "Give a time of day between 00:00 and 23:59, such as 22:00."


def _no_hours(begin: str | None, end: str | None) -> dict[str, str]:
    if bool(begin) != bool(end):
        missing = "quiet_until" if begin else "quiet_from"
        return {missing: "Quiet hours need a beginning and an end. Give both times, or neither."}
    if begin and begin == end:
        return {"quiet_until": "These quiet hours would never end, or never begin. Give two different times."}
    return {}


def _no_days(days: Collection[str]) -> str:
    if set(days) - set(DAYS):
        return f"Choose days off among {', '.join(DAYS)}."
    if len(set(days)) == len(DAYS):
        return "With all seven days off no letter would ever come. Leave one day free for them."
    return ""
