"""What the workers' tests share: a mail server in the settings, and letters that wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from crm.database import db, transaction, utcnow
from crm.domain import contacts, interviews, mail
from crm.models import Message, Workspace
from tests.cast import Cast
from tests.services.post import Post
from tests.services.push import PushService, serve
from tests.services.smtp import SmtpServer


@pytest.fixture
def posting(core: Flask, smtp_server: SmtpServer) -> Iterator[Flask]:
    """The small application with a mail server to send to."""
    before = core.config["SETTINGS"]
    core.config["SETTINGS"] = replace(before, smtp_url=smtp_server.url, mail_from="crm@fika.example")
    yield core
    core.config["SETTINGS"] = before


@pytest.fixture
def service(core: Flask) -> Iterator[PushService]:
    """A push service that is trusted, though it is in our own network."""
    before = core.config["SETTINGS"]
    with serve() as found:
        core.config["SETTINGS"] = replace(before, push_hosts=(found.host,), mail_from="crm@fika.example")
        yield found
    core.config["SETTINGS"] = before


@pytest.fixture
def house() -> mail.Letterhead:
    """What stands on the tests' letters."""
    return mail.Letterhead("http://localhost:8000", "crm@fika.example")


@pytest.fixture
def invite(cast: Cast, house: mail.Letterhead) -> Callable[..., Message]:
    """Plan a talk with a new contact of Alice's, so that an invitation waits; its grace is over."""

    def plan(name: str = "Grace", email: str = "grace@example.com") -> Message:
        now = utcnow() - timedelta(minutes=1)
        with transaction():
            contact = contacts.add(cast.workspace, {"name": name, "email": email}, by=cast.alice, now=now)
            interview = interviews.plan(
                contact, by=cast.alice, starts_at=now + timedelta(days=3), now=now, house=house
            )
            return mail.page(cast.workspace, contact_id=interview.contact_id)[0]

    return plan


@pytest.fixture(scope="session")
def post_of_session() -> Iterator[Post]:
    """One mail server a process that fails at any step."""
    post = Post()
    yield post
    post.stop()


@pytest.fixture
def post(core: Flask, post_of_session: Post) -> Iterator[Post]:
    """A mail server in the settings, without a journal."""
    post_of_session.forget()
    before = core.config["SETTINGS"]
    core.config["SETTINGS"] = replace(before, smtp_url=post_of_session.url, mail_from="crm@fika.example")
    yield post_of_session
    core.config["SETTINGS"] = before


@pytest.fixture
def bad(invite: Callable[..., Message]) -> Message:
    """A letter to a contact, the first to leave."""
    return invite("Bad", "bad@example.com")


@pytest.fixture
def good(invite: Callable[..., Message], bad: Message) -> Message:
    """The one after it."""
    return invite("Good", "good@example.com")


def fresh(message: Message) -> Message:
    """The letter as the database has it now."""
    db.session.rollback()
    db.session.refresh(message)
    return message


def ledger(workspace: Workspace) -> list[Message]:
    """All letters of a workspace as they are now, oldest first."""
    db.session.rollback()
    db.session.expire_all()
    return list(reversed(mail.page(workspace, limit=200)))
