"""Feeds: the calendars that a user's programs subscribe to. An address is shown once, when it is made."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from crm.database import utcnow
from crm.domain import feeds
from crm.models import Feed, Include, Privacy, RemindersAs
from crm.views.api import gate, once
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Id, Instant, Nothing, Shown, told
from crm.views.house import addresses

#: What a subscription is called where nobody named it.
NAME = "Fika"


Minutes = Annotated[int, told(minimum=0, maximum=7 * 24 * 60)]
Preparation = Annotated[int, told(minimum=5, maximum=24 * 60)]
Alarms = Field(description="Minutes before a start; null: none.")


class FeedPatch(Body):
    """What of a subscription is to be changed; the address stays."""

    name: Annotated[str, told(maxLength=100)] | None = None
    include: list[Include] | None = None
    privacy: Privacy | None = None
    campaigns: Annotated[list[Id] | None, Field(description="Empty: everybody.")] = None
    reminders_as: RemindersAs | None = None
    preparation_minutes: Preparation | None = None
    alarms: Annotated[Minutes | None, Alarms] = None
    paused: bool | None = None

    def settings(self) -> dict[str, Any]:
        """What was sent, but for the pause, which is no setting."""
        return {name: value for name, value in self.given().items() if name != "paused"}


class NewFeed(FeedPatch):
    """A subscription: its name, what it holds, and how much it tells whoever reads it."""

    def settings(self) -> dict[str, Any]:
        """What was sent, with a name."""
        given = {name: value for name, value in super().settings().items() if value is not None}
        return {"name": NAME, **given}


class FeedShown(Shown):
    """A subscription."""

    id: Id
    name: str
    include: list[Include]
    privacy: Privacy
    campaigns: list[Id]
    reminders_as: RemindersAs
    preparation_minutes: int
    alarms: Annotated[int | None, Alarms]
    paused: bool
    created_at: Instant
    last_fetched_at: Instant | None
    program: Annotated[str | None, Field(description="The program that fetched it last.")]
    usual_interval: Annotated[
        int | None,
        Field(description="Seconds after which it usually comes back: measured, else known of the program."),
    ]


class FeedMade(FeedShown):
    """A subscription with its address, which holds the secret."""

    url: Annotated[str | None, Field(description="Shown once; a repeated answer lacks it.")] = None


class FeedPage(Page):
    """A page of subscriptions, oldest first."""

    items: list[FeedShown]


@bp.get("/feeds")
@bp.input(Paging, location="query", arg_name="query")
@bp.output(FeedPage)
def list_feeds(query: Paging) -> FeedPage:
    """List the user's subscriptions, oldest first."""
    (after,) = query.after(int) or (0,)
    found = feeds.page(workspace(), user(), limit=query.limit + 1, after=after)
    page, cursor = cut(found, query.limit, lambda feed: (feed.id,))
    return FeedPage(items=[FeedShown(**_facts(feed)) for feed in page], next=cursor)


@bp.post("/feeds")
@writes
@bp.input(NewFeed, arg_name="body")
@bp.output(FeedMade, 201)
def add_feed(body: NewFeed) -> FeedMade:
    """Make a subscription; its address is answered here alone."""
    feed, secret = feeds.add(workspace(), user(), body.settings(), now=utcnow())
    _pause(feed, body.paused)
    return _made(feed, secret)


@bp.patch("/feeds/<id:feed_id>")
@writes
@bp.input(FeedPatch, arg_name="body")
@bp.output(FeedShown)
def change_feed(feed_id: int, body: FeedPatch) -> FeedShown:
    """Change what a subscription holds and tells, pause it, or let it go on; its address stays."""
    feed = feeds.get(workspace(), user(), feed_id, lock=True)
    if settings := body.settings():
        feeds.change(workspace(), feed, settings)
    _pause(feed, body.paused)
    return FeedShown(**_facts(feed))


@bp.post("/feeds/<id:feed_id>/rotate")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(FeedMade)
def rotate_feed(feed_id: int, _body: Nothing) -> FeedMade:
    """Take a new address; the old one answers that it is gone."""
    feed = feeds.get(workspace(), user(), feed_id, lock=True)
    return _made(feed, feeds.rotate(feed, now=utcnow()))


@bp.delete("/feeds/<id:feed_id>")
@writes
@bp.doc(responses={204: "Its address answers that it is gone."})
def delete_feed(feed_id: int) -> tuple[str, int]:
    """End a subscription."""
    feeds.remove(feeds.get(workspace(), user(), feed_id, lock=True), now=utcnow())
    return "", 204


def _pause(feed: Feed, wish: bool | None) -> None:
    if wish:
        feeds.pause(feed, now=utcnow())
    elif wish is False:
        feeds.resume(feed)


def _made(feed: Feed, secret: str) -> FeedMade:
    once.secret("url")
    return FeedMade(**_facts(feed), url=addresses().feed(secret))


def _facts(feed: Feed) -> dict[str, Any]:
    last = next(iter(feed.visits), None)
    usual = feeds.pace(last).usual if last else None
    return {
        "id": str(feed.id),
        "name": feed.name,
        "include": [Include(word) for word in feed.include],
        "privacy": feed.privacy,
        "created_at": feed.created_at,
        "last_fetched_at": feed.last_fetched_at,
        "campaigns": list(feed.campaigns),
        "reminders_as": feed.reminders_as,
        "preparation_minutes": feed.preparation_minutes,
        "alarms": feed.alarms,
        "paused": feed.paused_at is not None,
        "program": feeds.program(last.program).name if last else None,
        "usual_interval": round(usual.total_seconds()) if usual else None,
    }


gate.keepers["feed_id"] = lambda feed_id: feeds.get(workspace(), user(), feed_id)
