"""`./dev chaos` plays a round at least of what is named, counts letters, and says whether all went well."""

from __future__ import annotations

import re

import pytest

from chaos.__main__ import main
from chaos.tally import broken
from crm.models import MessageState
from tests.kill.scene import Outcome

SENT, UNCERTAIN = MessageState.SENT, MessageState.UNCERTAIN


def test_a_round_ends_with_one_table_and_every_promise_kept(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["sleepers", "--minutes", "0", "--seed", "1"]) == 0
    said = capfd.readouterr().out
    assert said.startswith("seed 1;")
    assert re.search(r"^scenario +rounds +letters +once +twice +none +uncertain$", said, re.MULTILINE)
    assert re.search(r"^sleepers +1 +[1-9]", said, re.MULTILINE)
    assert said.endswith("Every promise was kept.\n")


def test_what_is_named_has_to_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["earthquakes"])
    assert "no such scenario: earthquakes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("to_contact", "state", "delivered", "exactly_once", "is_broken"),
    [
        (True, SENT, 1, True, False),
        (True, SENT, 2, False, True),
        (True, UNCERTAIN, 0, False, False),
        (True, UNCERTAIN, 1, True, True),
        (False, SENT, 2, False, False),
        (False, SENT, 2, True, True),
        (False, SENT, 0, False, True),
        (False, MessageState.DOUBTFUL, 1, False, True),
    ],
)
def test_a_promise_is_broken_by_two_to_a_contact_by_no_end_and_by_not_once(
    to_contact: bool, state: MessageState, delivered: int, exactly_once: bool, is_broken: bool
) -> None:
    outcome = Outcome(to="ada@example.com", to_contact=to_contact, state=state, delivered=delivered)
    assert bool(broken([outcome], exactly_once=exactly_once)) is is_broken
