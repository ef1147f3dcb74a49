"""The cast: Alice owns the contacts, Bob must never see them, Ada is the contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.domain import accounts, contacts
from crm.models import Contact, User, Workspace


@dataclass(frozen=True)
class Cast:
    """Who is on the stage; each of the two users has a workspace of their own."""

    alice: User
    bob: User
    ada: Contact
    workspace: Workspace
    bobs_workspace: Workspace


def enter(now: datetime) -> Cast:
    """Bring them on, within the caller's unit of work."""
    alice = _user("Alice Ahlgren", "alice@example.org", now)
    bob = _user("Bob Berg", "bob@example.org", now)
    workspace = accounts.workspace_of(alice)
    facts = {"name": "Ada Okafor", "email": "ada@example.com", "timezone": "Africa/Lagos"}
    ada = contacts.add(workspace, facts, by=alice, now=now)
    return Cast(alice, bob, ada, workspace, accounts.workspace_of(bob))


def _user(name: str, email: str, now: datetime) -> User:
    facts = {"email": email, "name": name, "timezone": "Europe/Stockholm"}
    return accounts.add(facts, password_hash=None, now=now)
