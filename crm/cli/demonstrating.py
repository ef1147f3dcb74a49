"""`crm demo`: the demonstration's database is made anew, so that its dates are today's."""

from __future__ import annotations

from pathlib import Path

from flask_security import hash_password
from sqlalchemy.engine import make_url

from crm import demo
from crm.app import create_app
from crm.core import create_core, migrate
from crm.database import utcnow
from crm.domain.mail import Letterhead
from crm.settings import Settings


def fill(settings: Settings) -> tuple[int, str, str]:
    """Tell the story; answers the number of contacts and how to sign in."""
    path = Path(make_url(settings.database_url).database or "")
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        file.unlink(missing_ok=True)
    migrate(create_core(settings))
    house = Letterhead(settings.base_url, settings.mail_from, signing_key=settings.letters_key)
    with create_app(settings).app_context():
        count = demo.fill(password_hash=hash_password(demo.PASSWORD), house=house, now=utcnow())
    return count, demo.EMAIL, demo.PASSWORD
