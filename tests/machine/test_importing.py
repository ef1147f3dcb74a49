"""`crm import`: a list is brought in from the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from flask import Flask

from crm.cli import importing
from crm.database import db, transaction, utcnow
from crm.domain import transfers
from crm.models import Import, ImportState
from crm.settings import Settings
from tests.cast import Cast
from tests.workers.running import environment

MANY = "Name,E-mail\n" + "".join(f"Person {n},person{n}@example.org\n" for n in range(250))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A list of 250 people, and one row with too many columns."""
    found = tmp_path / "people.csv"
    found.write_text(MANY + "a,b,c,d\n")
    return found


def _crm(pair: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crm", *words]
    return subprocess.run(
        command, env=environment(pair), capture_output=True, text=True, timeout=60, check=False
    )


def test_a_list_is_brought_in_and_counted(pair: Settings, cast: Cast, file: Path) -> None:
    done = _crm(pair, "import", str(file), "--user", "alice@example.org", "--source", "Alumni")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "rows 251, added 250, merged 0, known 0, refused 1, organisations 0\n"
    (found,) = transfers.latest(cast.workspace)
    assert (found.state, found.filename, found.source) == (ImportState.DONE, "people.csv", "Alumni")


def test_an_unknown_address_and_a_file_that_is_no_list_are_one_clear_line(
    core: Flask, cast: Cast, tmp_path: Path
) -> None:
    picture = tmp_path / "people.csv"
    picture.write_bytes(b"\x89PNG\r\n")
    with pytest.raises(click.ClickException, match="There is no account with the address zoe@"):
        importing.load(picture, "zoe@example.org", "")
    with pytest.raises(click.ClickException, match="This is a picture, not a list"):
        importing.load(picture, "alice@example.org", "")
    assert transfers.latest(cast.workspace) == []


def test_no_worker_takes_up_what_the_command_loads(core: Flask, cast: Cast, file: Path) -> None:
    import_id = importing._start(file, cast.alice, "")
    with transaction():
        assert transfers.claim(now=utcnow()) is None
    assert importing._run(import_id).state is ImportState.DONE
    assert db.session.get_one(Import, import_id).lease_until is None
