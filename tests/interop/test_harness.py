"""`./dev interop` tells what each program showed, what is not there, and what went wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from interop.__main__ import SCENES, main
from interop.findings import Finding, absent, attempt


def wrong() -> str:
    raise AssertionError("nothing instead\nof noon")


def fine(_folder: Path) -> Iterator[Finding]:
    yield attempt("khal", "1.0", lambda: "12 talks")
    yield absent("Thunderbird", "needs thunderbird")


def unfit(_folder: Path) -> Iterator[Finding]:
    yield attempt("khal", "1.0", wrong)
    yield attempt("ical.js", "2.0", lambda: "12 talks")


def endless(_folder: Path) -> Iterator[Finding]:
    yield attempt("khal", "1.0", lambda: time.sleep(20) or "never")  # type: ignore[func-returns-value]


@pytest.fixture(autouse=True)
def _scenes(monkeypatch: pytest.MonkeyPatch) -> None:
    for scene in (fine, unfit, endless):
        monkeypatch.setitem(SCENES, scene.__name__, scene)


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines of the table."""
    lines = capsys.readouterr().out.splitlines()
    return lines[lines.index("") + 1 :]


def test_what_is_not_there_is_said_and_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fine"]) == 0
    assert told(capsys) == [
        "program      version  result     what was shown",
        "khal         1.0      ok         12 talks",
        "Thunderbird  –        not there  nothing: needs thunderbird",
    ]


def test_what_shows_something_wrong_fails_and_the_others_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["unfit", "fine"]) == 1
    found = told(capsys)
    assert "khal         1.0      FAILED     nothing instead of noon" in found
    assert "ical.js      2.0      ok         12 talks" in found
    assert len(found) == 5


def test_what_takes_too_long_is_stopped_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    assert main(["endless", "--minutes", "0.02"]) == 1
    assert time.monotonic() - began < 15
    assert told(capsys)[1:] == ["endless  –        FAILED  it did not come to its end in time"]


def test_what_is_named_has_to_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["pigeons"])
    assert "no such scene: pigeons" in capsys.readouterr().err
