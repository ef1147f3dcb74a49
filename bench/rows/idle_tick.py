"""A tick that finds nothing to do, however much is promised for later."""

from __future__ import annotations

from flask import Flask

from bench import filling
from bench.harness import Row, Target, Timed, clocked, compare
from bench.place import DATABASES, Place
from crm.core import create_core
from crm.database import db
from workers.mail import drain
from workers.reminders import write_due

FEW, MANY = 10_000, 1_000_000
TARGET = Target(1.25, f"the time at {FEW:,} pending reminders", least=False)
TIMES = 100


def measure(here: Place) -> list[Row]:
    """Both databases; less is promised where a first look is enough."""
    many = MANY // 10 if here.quick else MANY
    return [_on(database, here, many) for database in DATABASES]


def _on(database: str, here: Place, many: int) -> Row:
    small, large = (_installation(database, here, pending) for pending in (FEW, many))
    name = f"idle tick, {database}, {many:,} pending"
    try:
        return compare(name, TARGET, _ticks(large), _ticks(small), rounds=here.rounds, pieces=TIMES)
    finally:
        for app in (small, large):
            with app.app_context():
                db.engine.dispose()


def _installation(database: str, here: Place, pending: int) -> Flask:
    app = create_core(here.settings(database, f"idle_{pending}"))
    with app.app_context():
        filling.people(filling.OWNERS)
        filling.pending(pending)
    return app


def _ticks(app: Flask) -> Timed:
    def tick() -> None:
        assert (write_due(), drain()) == (0, 0)

    def timed() -> float:
        with app.app_context():
            return clocked(tick, TIMES)()

    return timed
