"""The reminders' worker: what is due becomes a letter that arrives, once."""

from __future__ import annotations

import threading
from datetime import timedelta

from flask import Flask

from crm.database import db, transaction, utcnow
from crm.domain import interviews, mail, pipeline, reminders, thanks
from crm.models import Contact, Kind, MessageKind, Stage
from tests.cast import Cast
from tests.services.smtp import SmtpServer
from tests.workers.conftest import ledger
from workers.mail import drain
from workers.reminders import write_due


def _talked(cast: Cast, ago: timedelta) -> None:
    with transaction():
        contact = db.session.get_one(Contact, cast.ada.id)
        now = utcnow()
        pipeline.move(contact, Stage.INTERVIEWED, by=cast.alice, now=now, at=now - ago)


def test_the_thank_you_is_reminded_of_at_once_and_arrives(
    posting: Flask, cast: Cast, smtp_server: SmtpServer
) -> None:
    _talked(cast, timedelta(minutes=5))
    assert write_due() == 1
    assert drain() == 1
    (letter,) = smtp_server.letters
    assert letter.recipients == ("alice@example.org",)
    assert letter.message["Subject"].startswith("Thank Ada Okafor by ")
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_ten_workers_at_once_write_one_letter(posting: Flask, cast: Cast) -> None:
    _talked(cast, timedelta(minutes=5))
    db.session.rollback()

    def work() -> None:
        with posting.app_context():
            write_due()

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found.kind for found in ledger(cast.workspace)] == [MessageKind.THANK_YOU]


def test_thanks_silence_the_rest(posting: Flask, cast: Cast) -> None:
    _talked(cast, timedelta(minutes=5))
    write_due()
    with transaction():
        contact = db.session.get_one(Contact, cast.ada.id)
        thanks.record(contact, by_user=cast.alice, now=utcnow())
    assert reminders.open_of(contact, [Kind.THANK_YOU]) == []
    assert write_due() == 0


def test_a_planned_talk_called_off_sends_no_brief(posting: Flask, cast: Cast, house: mail.Letterhead) -> None:
    with transaction():
        contact = db.session.get_one(Contact, cast.ada.id)
        now = utcnow()
        starts_at = now + timedelta(hours=1)
        interview = interviews.plan(contact, by=cast.alice, starts_at=starts_at, now=now, house=house)
        interviews.cancel(interview, by=cast.alice, now=now, house=house)
    write_due()
    assert [found.kind for found in ledger(cast.workspace) if not found.to_contact] == []
