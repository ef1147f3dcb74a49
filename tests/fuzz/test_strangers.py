"""Nothing that strangers send breaks who reads it, makes it hang, or fills the memory."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.strangers import READERS, Reader, hurt

ROUNDS = 150


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_wounded_bytes_are_understood_or_refused(reader: Reader) -> None:
    chance = Random(f"{reader.name} 1")
    assert [broken for broken in (hurt(reader, chance) for _ in range(ROUNDS)) if broken] == []
