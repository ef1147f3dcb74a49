"""Answers by mail: found, believed, ordered, and told."""

from __future__ import annotations

from datetime import datetime

from crm.models import Interview, Rsvp
from tests.domain.answers.post import Hand, reply
from tests.domain.play import DAY, MINUTE


def test_yes_is_yes(talk: Interview, take: Hand, now: datetime) -> None:
    assert take.news(reply(talk.uid, at=now + MINUTE)) == "Ada Okafor accepted."
    assert (talk.rsvp, talk.rsvp_at) == (Rsvp.ACCEPTED, now + DAY)
