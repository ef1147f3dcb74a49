"""The cast of imports: Alice, her workspace, and a way to load a list to its end."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain.transfers import imports, loading
from crm.models import Import, Membership, User, Workspace
from tests.domain.transfers.loads import Bring


@pytest.fixture
def alice(core: Flask, now: datetime) -> User:
    """Owns the contacts."""
    with transaction():
        user = User(email="alice@example.org", name="Alice", timezone="Europe/Berlin", created_at=now)
        workspace = Workspace(name="Alice", promises={}, created_at=now)
        db.session.add_all([user, workspace])
        db.session.flush()
        db.session.add(Membership(workspace_id=workspace.id, user_id=user.id))
    return db.session.get_one(User, user.id)


@pytest.fixture
def desk(alice: User) -> Workspace:
    """Her workspace."""
    return db.session.scalars(select(Workspace)).one()


@pytest.fixture
def bring(alice: User, desk: Workspace, now: datetime) -> Bring:
    """Start an import and load it to its end, each piece in a transaction."""

    def run(content: bytes, filename: str = "list.csv", *, pieces: int = 1_000_000, **more: object) -> Import:
        with transaction():
            import_ = imports.start(desk, content, filename=filename, by=alice, now=now, **more)  # type: ignore[arg-type]
        import_id = import_.id
        while pieces:
            pieces -= 1
            with transaction():
                if not loading.step(db.session.get_one(Import, import_id), now=now):
                    break
        return db.session.get_one(Import, import_id)

    return run
