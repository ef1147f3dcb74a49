"""Feeds: the calendars that a user's programs subscribe to. An address is shown once, when it is made."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from crm.database import utcnow
from crm.domain import feeds
from crm.models import Feed, Include, Privacy
from crm.views.api import gate, once
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Id, Instant, Nothing, Shown, told
from crm.views.house import addresses

#: What a subscription is called where nobody named it.
NAME = "Fika"


class NewFeed(Body):
    """A subscription: its name, what it holds, and how much it tells whoever reads it."""

    name: Annotated[str, told(maxLength=100)] | None = None
    include: list[Include] | None = None
    privacy: Privacy | None = None

    def values(self) -> dict[str, Any]:
        """What was sent, with a name."""
        given = {name: value for name, value in self.given().items() if value is not None}
        return {"name": NAME, **given}


class FeedShown(Shown):
    """A subscription."""

    id: Id
    name: str
    include: list[Include]
    privacy: Privacy
    created_at: Instant
    last_fetched_at: Instant | None


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
    return _made(*feeds.add(workspace(), user(), body.values(), now=utcnow()))


@bp.post("/feeds/<id:feed_id>/rotate")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(FeedMade)
def rotate_feed(feed_id: int, _body: Nothing) -> FeedMade:
    """Take a new address; the old one answers that it is gone."""
    feed = feeds.get(workspace(), user(), feed_id)
    return _made(feed, feeds.rotate(feed, now=utcnow()))


@bp.delete("/feeds/<id:feed_id>")
@writes
@bp.doc(responses={204: "Its address answers that it is gone."})
def delete_feed(feed_id: int) -> tuple[str, int]:
    """End a subscription."""
    feeds.remove(feeds.get(workspace(), user(), feed_id), now=utcnow())
    return "", 204


def _made(feed: Feed, secret: str) -> FeedMade:
    once.secret("url")
    return FeedMade(**_facts(feed), url=addresses().feed(secret))


def _facts(feed: Feed) -> dict[str, Any]:
    return {
        "id": str(feed.id),
        "name": feed.name,
        "include": [Include(word) for word in feed.include],
        "privacy": feed.privacy,
        "created_at": feed.created_at,
        "last_fetched_at": feed.last_fetched_at,
    }


gate.keepers["feed_id"] = lambda feed_id: feeds.get(workspace(), user(), feed_id)
