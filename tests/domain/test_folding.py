"""Lines of a letter's text are folded as the standard library folds them, only that most need no folding."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from crm.domain import words
from crm.domain.mail import render

LINES = st.text(st.sampled_from("ab é-\t.💩\u00a0"), max_size=100)


@given(LINES, st.sampled_from(["", "- ", "> ", "    "]))
def test_a_line_is_folded_as_any_other(typed: str, indent: str) -> None:
    line = words.block(typed)
    wrapper = textwrap.TextWrapper(
        render.WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    assert render._wrapped(line, indent, indent) == (wrapper.fill(line) or indent.rstrip())
