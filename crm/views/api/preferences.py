"""Preferences: when letters may come, and by which way each kind of reminder is told."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm.database import utcnow
from crm.domain import invitations, preferences, subscriptions
from crm.models import Kind, MessageKind, OwnCopy, Way
from crm.views.api.once import writes
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Shown
from crm.views.house import house


class PreferencesShown(Shown):
    """Times of day are wall clocks in the user's zone, "08:00"."""

    digest_at: str
    near_in_digest: bool
    look_ahead: bool
    quiet_from: str | None
    quiet_until: str | None
    days_off: list[str]
    kinds: dict[Kind, Way]
    own_copy: Annotated[OwnCopy, Field(description="How talks come into the user's own calendar.")]


class PreferencesChange(Body):
    """What to change; null clears the quiet hours and the days off."""

    digest_at: str | None = None
    near_in_digest: bool | None = None
    look_ahead: bool | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None
    days_off: list[str] | None = None
    kinds: dict[str, str] | None = None
    own_copy: OwnCopy | None = None


@bp.get("/preferences")
@bp.output(PreferencesShown)
def get_preferences() -> PreferencesShown:
    """Read when letters may come."""
    return _shown()


@bp.patch("/preferences")
@writes
@bp.input(PreferencesChange, arg_name="body")
@bp.output(PreferencesShown)
def change_preferences(body: PreferencesChange) -> PreferencesShown:
    """Change some of it."""
    given, now = body.given(), utcnow()
    kinds, look_ahead = given.pop("kinds", None), given.pop("look_ahead", None)
    own_copy = given.pop("own_copy", None)
    preferences.change(user(), workspace().id, given, now=now)
    if own_copy is not None:
        invitations.own.choose(user(), workspace(), own_copy, house=house(), now=now)
    if "look_ahead" in body.model_fields_set:
        ahead = Way.LETTER if look_ahead else Way.OFF
        subscriptions.choose(user(), workspace().id, MessageKind.LOOK_AHEAD, ahead, now=now)
    subscriptions.choose_all(user(), workspace().id, kinds or {}, now=now)
    return _shown()


def _shown() -> PreferencesShown:
    wishes = preferences.of(user(), workspace().id)
    ways = subscriptions.ways(user(), workspace().id)
    return PreferencesShown(
        digest_at=wishes.digest_at,
        near_in_digest=wishes.near_in_digest,
        look_ahead=ways[MessageKind.LOOK_AHEAD] is Way.LETTER,
        quiet_from=wishes.quiet_from,
        quiet_until=wishes.quiet_until,
        days_off=list(wishes.days_off),
        own_copy=wishes.own_copy,
        kinds={kind: ways[MessageKind(kind)] for kind in Kind},
    )
