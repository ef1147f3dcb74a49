"""Idempotency keys: a program that asks twice, because it heard no answer, gets the first answer again.

A key is claimed before the work and its answer is kept with the work: whoever dies in between has done
nothing, and whoever comes second does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError

from crm.database import db
from crm.domain.errors import Invalid, NotAllowed
from crm.models import IdempotencyKey, Token

#: How long an answer is given again (contract, HTTP).
KEPT = timedelta(hours=24)
#: A claim without an answer for so long is a process that died: nothing of its work was committed.
ABANDONED = timedelta(minutes=5)
#: The name that callers know the key by, in sentences and errors.
HEADER = "Idempotency-Key"
LONGEST = 200


@dataclass(frozen=True)
class Claim:
    """The right to do the work. `at` tells it from a claim that took it over (row numbers are used again)."""

    key_id: int
    at: datetime


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: str


def check(key: str) -> str:
    """The key itself; Invalid where it is empty, too long or not visible."""
    if not 1 <= len(key) <= LONGEST or not all("!" <= letter <= "~" for letter in key):
        raise Invalid(**{HEADER: f"An {HEADER} has 1 to {LONGEST} visible ASCII characters, without spaces."})
    return key


def claim(token: Token, path: str, key: str, body_hash: str, *, now: datetime) -> Claim | Answer:
    """Claim the work for a key, or hear what was answered. The caller commits before the work begins.

    Raises Invalid where the key stands for another body, NotAllowed while the first is being answered.
    """
    _forget_over(token, path, key, now)
    row = _find(token, path, key) or _insert(token, path, key, body_hash, now)
    if isinstance(row, Claim):
        return row
    if row.body_hash != body_hash:
        raise Invalid(
            **{HEADER: f"This {HEADER} was used with another body. Take a new key for another request."}
        )
    if row.status is None:
        raise NotAllowed(
            f"The first request with this {HEADER} is still being answered. Ask again in a moment."
        )
    return Answer(row.status, row.answer or "")


def keep(claimed: Claim, answer: Answer) -> None:
    """Keep the answer, in the transaction of the work.

    NotAllowed where this took so long that another request took the claim over: the work must not stand.
    """
    query = update(IdempotencyKey).where(*_open(claimed)).values(status=answer.status, answer=answer.body)
    if not db.session.connection().execute(query).rowcount:
        raise NotAllowed(f"Another request with the same {HEADER} went first. Ask again for its answer.")


def release(claimed: Claim) -> None:
    """Nothing was done: the next request with this key may try."""
    db.session.execute(delete(IdempotencyKey).where(*_open(claimed)))


def sweep(*, now: datetime, limit: int = 1000) -> int:
    """Forget keys whose day is over; how many. Called from time to time, a bounded piece each."""
    old = select(IdempotencyKey.id).where(IdempotencyKey.created_at <= now - KEPT).limit(limit)
    query = delete(IdempotencyKey).where(IdempotencyKey.id.in_(old))
    return int(db.session.connection().execute(query).rowcount)


def _forget_over(token: Token, path: str, key: str, now: datetime) -> None:
    """A key of yesterday, or one that a dead process left, counts as never used."""
    over = (IdempotencyKey.created_at <= now - KEPT) | (
        IdempotencyKey.status.is_(None) & (IdempotencyKey.created_at <= now - ABANDONED)
    )
    db.session.execute(delete(IdempotencyKey).where(*_same(token, path, key), over))


def _find(token: Token, path: str, key: str) -> IdempotencyKey | None:
    return db.session.scalars(select(IdempotencyKey).where(*_same(token, path, key))).first()


def _insert(token: Token, path: str, key: str, body_hash: str, now: datetime) -> Claim | IdempotencyKey:
    row = IdempotencyKey(
        workspace_id=token.workspace_id,
        token_id=token.id,
        path=path,
        key=key,
        body_hash=body_hash,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # Two at once on PostgreSQL: the second waited here until the first had committed.
        return db.session.scalars(select(IdempotencyKey).where(*_same(token, path, key))).one()
    return Claim(row.id, now)


def _same(token: Token, path: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return (
        IdempotencyKey.workspace_id == token.workspace_id,
        IdempotencyKey.token_id == token.id,
        IdempotencyKey.path == path,
        IdempotencyKey.key == key,
    )


def _open(claimed: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        IdempotencyKey.id == claimed.key_id,
        IdempotencyKey.created_at == claimed.at,
        IdempotencyKey.status.is_(None),
    )
