"""Notifications: what came due, as the bell tells it."""

from __future__ import annotations

from enum import StrEnum

from crm.database import utcnow
from crm.domain import notifications
from crm.models import MessageKind, Notification
from crm.views.api import gate
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Id, Instant, Nothing, Shown, number


class News(StrEnum):
    """Whether the user has seen it, or acted on what it tells."""

    UNSEEN = "unseen"
    SEEN = "seen"


class NotificationShown(Shown):
    """Something that came due; `path` is the page about it, below the address of this installation."""

    id: Id
    kind: MessageKind
    title: str
    text: str
    path: str
    reminder: Id | None
    due_at: Instant
    state: News
    seen_at: Instant | None
    created_at: Instant


class NotificationPage(Page):
    """A page of notifications, newest first."""

    items: list[NotificationShown]


class NotificationQuery(Paging):
    """Which notifications."""

    state: News | None = None


class SeenUntil(Body):
    """Up to which one; all, where that is left out."""

    until: Id | None = None


class Bell(Shown):
    """How many are unseen."""

    unseen: int


@bp.get("/notifications")
@bp.input(NotificationQuery, location="query", arg_name="query")
@bp.output(NotificationPage)
def list_notifications(query: NotificationQuery) -> NotificationPage:
    """List notifications, newest first."""
    found = notifications.page(
        workspace(),
        user(),
        new=None if query.state is None else query.state is News.UNSEEN,
        limit=query.limit + 1,
        before=(query.after(int) or (None,))[0],
    )
    page, cursor = cut(found, query.limit, lambda news: (news.id,))
    return NotificationPage(items=[_shown(news) for news in page], next=cursor)


@bp.post("/notifications/<id:notification_id>/seen")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(NotificationShown)
def see_notification(notification_id: int, _body: Nothing) -> NotificationShown:
    """Mark one as seen."""
    news = notifications.get(workspace(), user(), notification_id, lock=True)
    return _shown(notifications.see(news, now=utcnow()))


@bp.post("/notifications/seen")
@writes
@bp.input(SeenUntil, arg_name="body")
@bp.output(Bell)
def see_notifications(body: SeenUntil) -> Bell:
    """Mark all as seen, or all up to one."""
    until = None if body.until is None else number(body.until)
    notifications.see_all(workspace(), user(), until=until, now=utcnow())
    return Bell(unseen=notifications.mark(workspace(), user()).new)


def _shown(news: Notification) -> NotificationShown:
    return NotificationShown(
        id=str(news.id),
        kind=news.kind,
        title=news.title,
        text=news.text,
        path=news.path,
        reminder=None if news.reminder_id is None else str(news.reminder_id),
        due_at=news.due_at,
        state=News.UNSEEN if news.is_news else News.SEEN,
        seen_at=news.seen_at,
        created_at=news.created_at,
    )


gate.keepers["notification_id"] = lambda notification_id: notifications.get(
    workspace(), user(), notification_id
)
