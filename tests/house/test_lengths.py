from __future__ import annotations

from tests.house import measures
from tests.house.measures import FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES, Length


def longer(found: list[Length], limit: int) -> list[str]:
    return [f"{length.name}: {length.lines} lines" for length in found if length.lines > limit]


def test_no_function_is_longer_than_a_screen() -> None:
    assert longer(measures.functions(), FUNCTION_LINES) == []


def test_no_file_outgrows_its_limit() -> None:
    assert longer(measures.files(), FILE_LINES) == []


def test_no_template_outgrows_its_limit() -> None:
    assert longer(measures.templates(), TEMPLATE_LINES) == []
