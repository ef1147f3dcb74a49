"""Backups: everything comes back, in either database, and nothing is written over."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from crm import backup, takeout
from crm.core import create_core, migrate
from crm.database import db, transaction, utcnow
from crm.domain import contacts, pipeline
from crm.models import Contact, Stage
from crm.settings import Settings
from tests.cast import Cast
from tests.services.pairs import POSTGRESQL, SQLITE, Pairs


@pytest.fixture
def lived_in(core: Flask, cast: Cast) -> Cast:
    """A workspace in which something happened: a referral, a talk, a contact in the trash."""
    now = utcnow()
    with transaction():
        ada = db.session.get_one(Contact, cast.ada.id)
        facts = {"name": "李小龍 🎋", "referred_by": ada.id, "tags": ["α", "β"], "organisation": "北京水務"}
        contacts.add(cast.workspace, facts, by=cast.alice, now=now)
        gone = contacts.add(cast.workspace, {"name": "=cmd()"}, by=cast.alice, now=now)
        contacts.delete(gone, by=cast.alice, now=now)
        contacts.change(ada, {"referred_by": gone.id - 1}, by=cast.alice, now=now)
        pipeline.move(ada, Stage.INTERVIEWED, by=cast.alice, now=now)
    return cast


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def elsewhere(request: pytest.FixtureRequest, pairs: Pairs) -> Iterator[Flask]:
    """An empty, migrated database of either kind."""
    settings: Settings = pairs.bare(pairs.settings(request.param))
    app = create_core(settings)
    migrate(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_everything_comes_back_in_either_database(lived_in: Cast, elsewhere: Flask, tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    written, ada_id = backup.write(first, now=utcnow()), lived_in.ada.id
    with elsewhere.app_context():
        assert backup.restore(first) == written
        assert backup.write(second, now=utcnow()) == written
        with transaction():
            restored = db.session.get_one(Contact, ada_id)
            assert restored.referred_by is not None
            # New rows get new numbers, behind the restored ones.
            contacts.add(restored.workspace, {"name": "New"}, by=restored.owner, now=utcnow())
    assert _lines(first) == _lines(second)
    assert first.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("pair", [SQLITE], indirect=True)
def test_a_database_with_accounts_is_left_alone(lived_in: Cast, tmp_path: Path) -> None:
    backup.write(tmp_path / "b.zip", now=utcnow())
    db.session.rollback()
    with pytest.raises(backup.CannotRestore, match="accounts in this database already"):
        backup.restore(tmp_path / "b.zip")


@pytest.mark.parametrize("pair", [SQLITE], indirect=True)
@pytest.mark.parametrize("content", [b"", b"no archive at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_is_said_to_be_none(core: Flask, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(backup.CannotRestore, match="no backup of Fika"):
        backup.restore(tmp_path / "b.zip")


@pytest.mark.parametrize("pair", [SQLITE], indirect=True)
def test_a_user_takes_out_what_is_theirs_and_nothing_secret(lived_in: Cast, tmp_path: Path) -> None:
    takeout.write(tmp_path / "mine.zip", lived_in.alice)
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        names = set(archive.namelist())
        people = json.loads(archive.read("contacts.json"))
        table = archive.read("contacts.csv").decode("utf-8-sig")
    assert {row["name"] for row in people} == {"Ada Okafor", "李小龍 🎋", "=cmd()"}
    assert {row["workspace_id"] for row in people} == {lived_in.workspace.id}
    assert not names & {"users.json", "tokens.json", "feed_tokens.json"}
    assert "李小龍 🎋" in table


def _lines(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != backup.MANIFEST}
