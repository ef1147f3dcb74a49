"""How fast letters may leave: so many within an hour, however many workers there are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask

from crm.database import transaction
from crm.domain import mail
from crm.domain.errors import Invalid
from tests.cast import Cast
from tests.domain.play import HOUR, MINUTE
from tests.domain.waiting import claim, put, state


def test_no_more_leave_within_an_hour_than_the_owner_allows(cast: Cast, now: datetime) -> None:
    letters = [put(cast, now, f"letter {number}") for number in range(5)]
    with transaction():
        mail.set_rate(3)
    taken = claim(now)
    assert [letter.id for letter in taken] == [letter.id for letter in letters[:3]]
    assert claim(now) == [], "those under claim count"
    with transaction():
        for letter in taken:
            mail.transmitting(letter, now=now)
            mail.sent(letter, "250 taken", now=now)
    assert not mail.is_due(now=now + HOUR - MINUTE)
    assert (state(letters[3]), letters[3].attempts) == ("waiting", 0)
    assert len(claim(now + HOUR)) == 2


def test_a_rate_is_kept_by_many_workers_together(cast: Cast, core: Flask, now: datetime) -> None:
    for number in range(20):
        put(cast, now, f"letter {number}")
    with transaction():
        mail.set_rate(7)

    def work(_: int) -> int:
        with core.app_context(), transaction():
            return len(mail.claim(now=now, limit=5))

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(8))) == 7


def test_a_rate_is_a_number_of_letters(cast: Cast) -> None:
    for wrong in (0, -1, 10_000_000):
        with pytest.raises(Invalid), transaction():
            mail.set_rate(wrong)
