"""Passwords of the cast, and the letters that they get about their accounts."""

from __future__ import annotations

import email
import email.policy
import re

from sqlalchemy import select

from crm.database import db
from crm.models import Message
from tests.views.visitor import Visitor

PASSWORD = "a walk along the canal"
NEW_PASSWORD = "two walks along the canal"


def sign_in(visitor: Visitor, address: str = "alice@example.org", password: str = PASSWORD) -> int:
    return visitor.post("/sign-in", data={"email": address, "password": password}).status_code


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/settings").status_code == 200


def letters_to(address: str) -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.to == address).order_by(Message.id)))


def text_of(letter: Message) -> str:
    assert letter.raw is not None
    parsed = email.message_from_bytes(letter.raw, policy=email.policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def link_in(letter: Message) -> str:
    found = re.search(r"^http://localhost:8000(/\S+)$", text_of(letter), re.MULTILINE)
    assert found is not None
    return found[1]
