"""One file a letter, rendered twice: as text that is complete by itself, and as HTML."""

from __future__ import annotations

import re
import textwrap
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crm.domain import humane, words
from crm.paths import TEMPLATES

WIDTH = 72
_BLANK_LINES = re.compile(r"\n{3,}")
#: What cannot be inlined stays: the colours of the dark and the measures of the telephone.
INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def render(letter: str, values: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of `templates/email/<letter>.html`.

    The file speaks through the macros in `parts`; which set it gets makes the difference.
    """
    plain = _environment("txt").get_template(f"email/{letter}.html")
    rich = _environment("html").get_template(f"email/{letter}.html")
    subject = "".join(plain.blocks["subject"](plain.new_context(values)))
    text = _BLANK_LINES.sub("\n\n", words.block(plain.render(values))) + "\n"
    return words.line(subject), text, INLINER.inline(rich.render(values))


@lru_cache(maxsize=2)
def _environment(flavour: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=flavour == "html",  # noqa: S701  (the other flavour is plain text)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Looking at the files again for every letter takes as long as filling one in.
        auto_reload=False,
    )
    environment.filters |= {
        "exact": _exact,
        "fold": _fold,
        "line": words.line,
        "plural": words.plural,
        "span": humane.span,
    }
    environment.globals["layout"] = f"email/_layout.{flavour}"
    environment.globals["parts"] = environment.get_template(f"email/_parts.{flavour}").module
    return environment


def _exact(at: datetime, zone: str) -> str:
    return humane.exact(at, ZoneInfo(zone))


def _fold(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Paragraphs wrapped for a screen of text; lines that are one word, such as links, stay whole.

    `hanging` is the indent of all lines but a paragraph's first.
    """
    rest = indent if hanging is None else hanging
    return "\n".join(_wrapped(line, indent, rest) for line in words.block(text).split("\n"))


def _wrapped(line: str, first: str, rest: str) -> str:
    if len(first) + len(line) <= WIDTH and "\t" not in line:
        # Most lines fit as they are.
        return f"{first}{line}".rstrip(" ")
    wrapper = textwrap.TextWrapper(
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.fill(line) or first.rstrip()
