"""Accounts: who may come in, their workspace, and the tokens of their programs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from crm.database import db, new_key
from crm.domain import fields, preferences, reminders, words
from crm.domain.errors import Invalid, NotFound
from crm.models import Membership, Role, Token, User, Workspace

#: Programs' tokens can be told from other secrets by their beginning.
TOKEN_PREFIX = "fika_"  # noqa: S105  (a mark, not a secret)
#: A token's last use is written at most so often.
USED = timedelta(minutes=5)


def _address(value: Any) -> str:
    """An address as it is kept and looked for: however it is capitalised, it is the same account."""
    return fields.required_email(value).lower()


CLEANERS: dict[str, fields.Cleaner] = {
    "email": _address,
    "name": fields.required("your name"),
    "timezone": fields.timezone,
}


class SignUp(StrEnum):
    """Who may create an account (contract, Environment)."""

    FIRST = "first"
    OPEN = "open"
    CLOSED = "closed"


def may_sign_up(policy: str) -> bool:
    """Whether somebody who is not known may create an account now."""
    if policy == SignUp.FIRST:
        return not anybody()
    return policy == SignUp.OPEN


def is_first_visit(policy: str) -> bool:
    """Whether whoever comes now should make the first account."""
    return policy != SignUp.CLOSED and not anybody()


def anybody() -> bool:
    """Whether there is any account yet."""
    return db.session.scalars(select(User.id).limit(1)).first() is not None


def check(values: dict[str, Any], password: str) -> None:
    """Invalid with what is wrong in all fields of a new account at once, its password included."""
    errors: dict[str, str] = {}
    for check_one in (lambda: fields.clean(values, CLEANERS), lambda: check_password(password)):
        try:
            check_one()
        except Invalid as invalid:
            errors |= {field: " ".join(sentences) for field, sentences in invalid.errors.items()}
    if errors:
        raise Invalid(**errors)


def add(values: dict[str, Any], *, password_hash: str | None, now: datetime) -> User:
    """A new user with a workspace of their own; the very first one owns the installation.

    Raises Invalid for an address that has an account, or for what cannot be used.
    """
    cleaned = fields.clean({"email": None, "name": None, **values}, CLEANERS)
    if by_email(cleaned["email"]) is not None:
        raise Invalid(email="There is an account with this address already. Sign in, or reset its password.")
    user = User(
        email=cleaned["email"],
        name=cleaned["name"],
        timezone=cleaned.get("timezone") or "UTC",
        password=password_hash,
        active=True,
        is_owner=not anybody(),
        fs_uniquifier=new_key(),
        created_at=now,
    )
    workspace = Workspace(name=cleaned["name"], promises={}, asks_per_week=10, created_at=now)
    db.session.add_all([user, workspace])
    db.session.flush()
    db.session.add(Membership(workspace_id=workspace.id, user_id=user.id, role=Role.OWNER))
    db.session.flush()
    return user


def change(user: User, values: dict[str, Any], *, now: datetime) -> User:
    """Change name or time zone; mornings and evenings that are promised already move to the new clocks."""
    cleaned = fields.clean(values, {"name": CLEANERS["name"], "timezone": CLEANERS["timezone"]})
    was = user.timezone
    for field, value in cleaned.items():
        setattr(user, field, value or getattr(user, field))
    if user.timezone != was:
        reminders.rezone(user, now=now)
        preferences.travelled(user, now=now)
    return user


def by_email(email: str) -> User | None:
    """The user with that address, however it is capitalised."""
    return db.session.scalars(select(User).where(User.email == words.line(email).lower())).first()


def by_uniquifier(uniquifier: str) -> User | None:
    """The user of a session or of a link; None once the password was changed."""
    return db.session.scalars(select(User).where(User.fs_uniquifier == uniquifier)).first()


def end_sessions(user: User) -> None:
    """Sign a user out everywhere; links in letters that were sent before end with it."""
    user.fs_uniquifier = new_key()


def workspace_of(user: User) -> Workspace:
    """The workspace a user works in; NotFound for somebody without one."""
    query = select(Workspace).join(Membership).where(Membership.user_id == user.id).order_by(Membership.id)
    found = db.session.scalars(query.limit(1)).first()
    if found is None:
        raise NotFound("workspace")
    return found


def add_token(workspace: Workspace, user: User, name: str, *, now: datetime) -> tuple[Token, str]:
    """A key for a program: the row, and the secret that is shown this once."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    name = fields.clean({"name": name}, {"name": fields.required("a name for the token", 100)})["name"]
    token = Token(
        workspace_id=workspace.id,
        user_id=user.id,
        name=name,
        token_hash=words.digest(secret),
        created_at=now,
    )
    db.session.add(token)
    db.session.flush()
    return token, secret


def tokens(workspace: Workspace, user: User) -> Sequence[Token]:
    """The user's tokens that work, newest first."""
    query = select(Token).where(
        Token.workspace_id == workspace.id, Token.user_id == user.id, Token.revoked_at.is_(None)
    )
    return db.session.scalars(query.order_by(Token.id.desc())).all()


def token_for(secret: str) -> Token | None:
    """The token of a secret, where it works and its user may still come in."""
    query = select(Token).where(Token.token_hash == words.digest(secret), Token.revoked_at.is_(None))
    token = db.session.scalars(query).first()
    return token if token is not None and token.user.active else None


def is_stale(token: Token, now: datetime) -> bool:
    """Whether the last use should be written down again."""
    return token.last_used_at is None or now - token.last_used_at > USED


def revoke(workspace: Workspace, user: User, token_id: int, *, now: datetime) -> None:
    """A token stops to work at once."""
    token = db.session.get(Token, token_id)
    if token is None or token.workspace_id != workspace.id or token.user_id != user.id:
        raise NotFound("token")
    token.revoked_at = token.revoked_at or now


def set_promise(workspace: Workspace, kind: str, *, off: bool, days: int | None) -> None:
    """Change a promise's delay or switch it off; what is promised already stays."""
    if days is not None and not 1 <= days <= 365:
        raise Invalid(days="Choose between 1 and 365 days.")
    choice: dict[str, Any] = {"off": True} if off else {}
    if days is not None:
        choice["days"] = days
    # A new dict, since the column does not see changes inside the old one.
    workspace.promises = {**workspace.promises, kind: choice}


def check_password(password: str) -> None:
    """Invalid for a password that is too easy to guess by its length (NIST SP 800-63B §5.1.1)."""
    if len(password) < 8:
        raise Invalid(password="Choose at least 8 characters; a short sentence is best.")  # noqa: S106
    if len(password) > 200:
        raise Invalid(password="At most 200 characters fit.")  # noqa: S106
