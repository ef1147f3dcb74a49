"""Imports before and after they are loaded: started, looked at, found again."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select

from crm.database import db, transaction
from crm.domain.errors import Invalid, NotFound
from crm.domain.transfers import imports, leasing, loading
from crm.models import (
    Import,
    ImportFile,
    ImportState,
    Workspace,
)
from tests.domain.transfers.loads import TWO, Bring, there


def test_the_bytes_are_gone_when_they_have_served(bring: Bring) -> None:
    bring(TWO)
    assert db.session.scalars(select(func.count(ImportFile.import_id))).one() == 0


def test_what_is_no_list_is_refused_before_anything_is_written(bring: Bring) -> None:
    with pytest.raises(Invalid, match="This is a ZIP file renamed"):
        bring(b"PK\x03\x04rubbish", "people.csv")
    assert db.session.scalars(select(func.count(Import.id))).one() == 0


def test_a_draft_waits_for_its_columns(bring: Bring, desk: Workspace, now: datetime) -> None:
    draft = bring(b"Name,Company\nKitsap Lab,Ada Ek\n", draft=True)
    assert (draft.state, there(desk)) == (ImportState.DRAFT, [])
    assert imports.preview(draft, {"0": "organisation", "1": "name"}).people == 1
    with transaction():
        imports.confirm(imports.get(desk, draft.id, lock=True), mapping={"0": "organisation", "1": "name"})
    with transaction():
        claimed = leasing.claim(now=now)
        assert claimed is not None
        while loading.step(claimed, now=now):
            pass
    assert there(desk) == ["Ada Ek"]


def test_an_import_of_another_workspace_is_not_there(bring: Bring, now: datetime) -> None:
    done = bring(TWO)
    with transaction():
        bobs = Workspace(name="Bob", promises={}, created_at=now)
        db.session.add(bobs)
    with pytest.raises(NotFound):
        imports.get(bobs, done.id)
