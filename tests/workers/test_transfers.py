"""The worker that loads lists: piece by piece, whatever happens to it in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from crm.database import db, transaction, utcnow
from crm.domain import transfers
from crm.domain.transfers.leasing import MOST_ATTEMPTS, STUCK
from crm.models import Contact, Import, ImportFile, ImportState, Kind, Workspace
from crm.settings import Settings
from tests.cast import Cast
from tests.workers.running import tick, worker
from workers.transfers import run

Bring = Callable[..., int]


def _list(people: int) -> bytes:
    rows = (f"Person {n},person{n}@example.org,Firm {n % 40}\n" for n in range(people))
    return b"Name,E-mail,Company\n" + "".join(rows).encode()


@pytest.fixture
def bring(core: Flask, cast: Cast) -> Bring:
    """Upload a list; answers the number of its import."""

    def upload(content: bytes, filename: str = "list.csv", *, draft: bool = False) -> int:
        with transaction():
            return transfers.start(
                cast.workspace, content, filename=filename, by=cast.alice, now=utcnow(), draft=draft
            ).id

    return upload


def _now(import_id: int) -> Import:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Import, import_id)


def _people(cast: Cast) -> int:
    """Alice's contacts, but for Ada, who was there before."""
    query = select(func.count()).select_from(Contact).where(Contact.workspace_id == cast.workspace.id)
    return db.session.scalars(query).one() - 1


def _wait_for(pair: Settings, import_id: int, what: Callable[[Import], bool]) -> Import:
    """Tick as the scheduler does, until the import is as far as that."""
    begun, ticks = time.monotonic(), 0
    while not what(found := _now(import_id)):
        passed = time.monotonic() - begun
        assert passed < 90, f"{found.state}, {found.rows} of {found.total} rows"
        if passed >= 2 * ticks:
            tick(pair, "transfers.run")
            ticks += 1
        time.sleep(0.02)
    return found


def test_a_list_is_loaded_in_pieces_and_its_file_is_gone(bring: Bring, cast: Cast) -> None:
    import_id = bring(_list(250))
    assert run() > 2
    done = _now(import_id)
    assert (done.state, done.rows, done.added, done.organisations) == (ImportState.DONE, 250, 250, 40)
    assert _people(cast) == 250
    assert db.session.get(ImportFile, import_id) is None
    assert run() == 0


def test_a_shift_ends_and_the_next_tick_goes_on(bring: Bring, cast: Cast) -> None:
    import_id = bring(_list(250))
    assert run(shift=0) == 1
    assert _now(import_id).state is ImportState.LOADING
    assert _now(import_id).lease_until is None
    while run(shift=0):
        pass
    assert (_now(import_id).state, _people(cast)) == (ImportState.DONE, 250)


def test_the_oldest_list_comes_first_and_drafts_wait(bring: Bring, cast: Cast) -> None:
    draft = bring(_list(1), draft=True)
    first, second = bring(_list(2)), bring(_list(3))
    run()
    states = [_now(import_id).state for import_id in (draft, first, second)]
    assert states == [ImportState.DRAFT, ImportState.DONE, ImportState.WAITING]


def test_two_workers_at_once_double_nothing(bring: Bring, cast: Cast, core: Flask) -> None:
    lists = [bring(_list(300)), bring(_list(300))]
    db.session.rollback()

    def work() -> None:
        with core.app_context():
            while run():
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [_now(import_id) for import_id in lists]
    assert [one.state for one in found] == [ImportState.DONE] * 2
    assert sum(one.added for one in found) == sum(one.known for one in found) == _people(cast) == 300


def test_an_import_that_is_undone_meanwhile_stops(bring: Bring, cast: Cast) -> None:
    import_id = bring(_list(500))
    run(shift=0)
    run(shift=0)
    with transaction():
        transfers.undo(transfers.get(cast.workspace, import_id, lock=True), by=cast.alice, now=utcnow())
    assert run() == 0
    assert _now(import_id).state is ImportState.UNDONE


def test_a_list_whose_file_is_gone_fails_with_a_sentence(bring: Bring) -> None:
    import_id = bring(_list(5))
    with transaction():
        db.session.delete(db.session.get_one(ImportFile, import_id))
    run()
    found = _now(import_id)
    assert (found.state, found.problem) == (
        ImportState.FAILED,
        "The uploaded file is no longer there. Upload it again.",
    )


def test_a_list_that_breaks_every_worker_fails_in_the_end(bring: Bring, cast: Cast) -> None:
    import_id = bring(_list(5))
    with transaction():
        # Nothing that a page would let in: it stands for whatever a piece may break at.
        db.session.execute(update(Workspace).values(promises={Kind.ASK: "broken"}))
    # One more, since the rows were counted before the first piece broke.
    for _ in range(MOST_ATTEMPTS + 1):
        with pytest.raises(AttributeError):
            run()
        assert _now(import_id).state is not ImportState.FAILED
        assert _now(import_id).lease_until is None
    assert run() == 0
    assert (_now(import_id).state, _now(import_id).problem) == (ImportState.FAILED, STUCK)
    assert _people(cast) == 0


def test_drafts_are_dropped_after_a_day(bring: Bring) -> None:
    old, young = bring(_list(1), draft=True), bring(_list(1), draft=True)
    with transaction():
        longer = utcnow() - timedelta(hours=25)
        db.session.execute(update(Import).where(Import.id == old).values(created_at=longer))
    run()
    assert db.session.scalars(select(Import.id)).all() == [young]
    assert db.session.scalars(select(ImportFile.import_id)).all() == [young]


def test_a_killed_worker_is_followed_by_another_that_doubles_nothing(
    pair: Settings, bring: Bring, cast: Cast
) -> None:
    import_id = bring(_list(2_000))
    with worker(pair) as first:
        _wait_for(pair, import_id, lambda found: found.rows >= 300)
        first.kill()
        first.wait()
    left = _now(import_id)
    assert (left.state, left.rows) == (ImportState.LOADING, _people(cast))
    assert left.lease_until is not None
    with transaction():
        expired = utcnow() - timedelta(seconds=1)
        db.session.execute(update(Import).where(Import.id == import_id).values(lease_until=expired))
    with worker(pair):
        done = _wait_for(pair, import_id, lambda found: found.state is ImportState.DONE)
    assert (done.rows, done.added, done.known, done.organisations) == (2_000, 2_000, 0, 40)
    assert _people(cast) == 2_000


def test_a_worker_that_is_asked_to_end_lets_go_of_its_list(pair: Settings, bring: Bring) -> None:
    import_id = bring(_list(2_000))
    with worker(pair) as asked:
        _wait_for(pair, import_id, lambda found: found.rows >= 300)
        asked.terminate()
        assert asked.wait(timeout=20) == 0
    left = _now(import_id)
    assert (left.state, left.lease_until) == (ImportState.LOADING, None)
