"""The ground that all is played on: both databases and brokers, one mail server with its journal.

It lies in one folder, and whatever was started ends with the playing, however that ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crm.core import create_core
from crm.database import db, transaction, utcnow
from crm.domain import reminders
from tests.cast import enter
from tests.conftest import NOW
from tests.kill.scene import Scene, server
from tests.services import keeper, postgres
from tests.services.pairs import POSTGRESQL, SQLITE, Pairs
from tests.services.post import Post

DATABASES = (SQLITE, POSTGRESQL)


@dataclass(frozen=True)
class Ground:
    """One folder for one run."""

    folder: Path
    pairs: Pairs
    post: Post

    @contextmanager
    def scene(self, database: str, *, journal: bool) -> Iterator[Scene]:
        """A scene on empty tables, before a mail server that has taken nothing yet."""
        self.post.forget()
        app = self.pairs.app(database, create_core)
        try:
            with app.app_context():
                with transaction():
                    cast = enter(NOW)
                    reminders.drop(cast.ada, None, now=utcnow())
                yield Scene(app, self.pairs.settings(database), cast, self.post, journal)
                db.session.remove()
        finally:
            self.pairs.empty()


@contextmanager
def ground() -> Iterator[Ground]:
    """A ground of our own, gone afterwards with all that was started on it."""
    folder = Path(tempfile.mkdtemp(prefix="fika_chaos_"))
    tidying = keeper.hire(folder)
    pairs = Pairs(folder, "main")
    try:
        with server() as post:
            yield Ground(folder, pairs, post)
    finally:
        pairs.close()
        postgres.drop_all(folder)
        keeper.dismiss(tidying)
