"""Answers: what the invited say to a date, by their calendar program or on the page of the invitation."""

from crm.domain.answers.proposing import accept, decline, get, open_of, open_of_many
from crm.domain.answers.reading import Person, Said, read
from crm.domain.answers.taking import Taken, take
from crm.domain.answers.tnef import unwrap

__all__ = [
    "Person",
    "Said",
    "Taken",
    "accept",
    "decline",
    "get",
    "open_of",
    "open_of_many",
    "read",
    "take",
    "unwrap",
]
