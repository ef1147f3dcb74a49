"""Pushing, as far as it is a matter of rows: claims, leases, and what became of each push.

A push may come twice, after a crash between the push service's answer and our commit: its tag makes one of
the two on the device. So there is no doubt to resolve as there is with letters.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import preferences
from crm.domain.notifications import devices
from crm.models import Notification, Push, PushState

#: Longer than a whole batch can take.
LEASE = timedelta(minutes=2)
BATCH = 16
#: Seconds to wait after the first, second, … failure; the last one repeats until it is of no more use.
BACK_OFF = (10, 60, 300, 900)
#: What push services take for sure is 4096 bytes, 86 of them for the encryption (RFC 8291 §4).
PAYLOAD = 3000
#: The longest that a push service is asked to keep one (they keep it four weeks at most).
LONGEST = timedelta(days=28)


@dataclass(frozen=True)
class Claimed:
    """A push under claim: enough to send it without touching the database."""

    id: int
    fence: int
    attempts: int
    endpoint: str
    p256dh: str
    auth: str
    payload: bytes
    tag: str
    urgent: bool
    #: How long it is of use, in seconds.
    ttl: int


def claim(*, now: datetime, limit: int = BATCH) -> list[Claimed]:
    """Take pushes that are due, oldest first, under a lease; a lease that ran out is as good as none.

    Looked at once more under the claim: seen, acted on or past its use meanwhile, or to be held?
    """
    query = select(Push).where(
        Push.state.in_((PushState.WAITING, PushState.SENDING)), Push.next_try_at <= now
    )
    query = query.options(
        joinedload(Push.device), joinedload(Push.notification).joinedload(Notification.reminder)
    )
    query = query.order_by(Push.next_try_at, Push.id).limit(limit)
    found = db.session.scalars(query.with_for_update(skip_locked=True, of=Push)).all()
    claimed = [push for push in found if _is_to_be_sent(push, now)]
    for push in claimed:
        push.state, push.next_try_at = PushState.SENDING, now + LEASE
        push.fence += 1
    db.session.flush()
    return [_claimed(push, now) for push in claimed]


def sent(claimed: Claimed, reply: str, *, now: datetime) -> None:
    """The push service took it."""
    push = _held(claimed)
    if push is not None:
        push.sent_at = push.device.last_sent_at = now
        _finish(push, PushState.SENT, reply)


def failed(claimed: Claimed, reply: str) -> None:
    """Refused for good; the device stays, with the reason beside it."""
    push = _held(claimed)
    if push is not None:
        _finish(push, PushState.FAILED, reply)


def gone(claimed: Claimed) -> None:
    """That browser wants nothing any more: its push service has forgotten it."""
    push = _held(claimed)
    if push is not None:
        devices.remove(push.device)


def put_back(
    claimed: Claimed, reply: str, *, now: datetime, jitter: float, wait: timedelta | None = None
) -> None:
    """Not now: try again later, each time longer, or after as long as the push service asked to `wait`.

    `jitter` from 0 to 1 spreads the attempts.
    """
    push = _held(claimed)
    if push is None:
        return
    usual = timedelta(seconds=BACK_OFF[min(push.attempts, len(BACK_OFF)) - 1] * (1 + 0.25 * jitter))
    _finish(push, PushState.WAITING, reply)
    push.next_try_at = now + max(usual, wait or usual)


def payload(notification: Notification) -> bytes:
    """What the device is told, in JSON; a long text is cut, since push services take little."""
    told = {"title": notification.title, "body": notification.text, "path": notification.path}
    told["tag"] = notification.tag
    over = len(_json(told)) - PAYLOAD
    if over > 0:
        told["body"] = notification.text[: -over - len("…".encode())] + "…"
    return _json(told)


def _json(told: dict[str, str]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _is_to_be_sent(push: Push, now: datetime) -> bool:
    """What is of no more use is finished, and what is to be held waits."""
    news = push.notification
    if not news.is_news:
        _finish(push, PushState.CANCELLED, "It was seen or done before it left.")
    elif now >= news.not_after:
        _finish(push, PushState.EXPIRED, push.reply)
    else:
        until = None if news.urgent else _quiet_until(news, now)
        if until is None:
            return True
        push.state, push.next_try_at = PushState.WAITING, until
    return False


def _quiet_until(news: Notification, now: datetime) -> datetime | None:
    return preferences.held_until(user_id=news.user_id, workspace_id=news.workspace_id, now=now)


def _claimed(push: Push, now: datetime) -> Claimed:
    news, device = push.notification, push.device
    return Claimed(
        id=push.id,
        fence=push.fence,
        attempts=push.attempts,
        endpoint=device.endpoint,
        p256dh=device.p256dh,
        auth=device.auth,
        payload=payload(news),
        tag=news.tag,
        urgent=news.urgent,
        ttl=int(min(news.not_after - now, LONGEST).total_seconds()),
    )


def _held(claimed: Claimed) -> Push | None:
    """The push's row while we hold it; None where another worker took over, or the device is gone."""
    query = select(Push).where(Push.id == claimed.id, Push.fence == claimed.fence)
    query = query.where(Push.state == PushState.SENDING)
    found = db.session.scalars(query.with_for_update()).first()
    if found is not None:
        found.attempts += 1
    return found


def _finish(push: Push, state: PushState, reply: str) -> None:
    push.state, push.reply = state, reply[:500]
    if state in (PushState.SENT, PushState.FAILED, PushState.WAITING):
        push.device.last_reply = push.reply
