"""An organisation that two people name at the same moment is one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import organisations
from crm.models import Organisation
from tests.cast import Cast

AT_ONCE = 4


def test_an_organisation_named_by_several_at_once_is_made_once(
    cast: Cast, core: Flask, now: datetime
) -> None:
    start, workspace_id = Barrier(AT_ONCE), cast.workspace.id

    def name(_: int) -> int:
        with core.app_context():
            start.wait()
            with transaction():
                found = organisations.named(workspace_id, "Kitsap Lab", now=now)
                assert found is not None
                return found.id

    with ThreadPoolExecutor(AT_ONCE) as people:
        ids = set(people.map(name, range(AT_ONCE)))
    assert len(ids) == 1
    # What this session saw before they came in is forgotten.
    db.session.rollback()
    assert db.session.scalars(select(Organisation.id)).all() == list(ids)
