"""How long functions, files and templates are."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What is ours and is read by people; the dev script has no suffix.
CODE = (
    *(f"{folder}/**/*.py" for folder in ("crm", "workers", "tests", "bench", "chaos", "interop")),
    "migrations/env.py",
    "dev",
)
TEMPLATES = ("templates/**/*.html", "templates/**/*.txt")
FUNCTION_LINES, FILE_LINES, TEMPLATE_LINES = 40, 250, 80


@dataclass(frozen=True)
class Length:
    """Something, and how many lines it has."""

    name: str
    lines: int


def files() -> list[Length]:
    """Every file of code."""
    return _files(CODE)


def templates() -> list[Length]:
    """Every template."""
    return _files(TEMPLATES)


def functions() -> list[Length]:
    """Every function, from `def` to its last line, with the docstring, without decorators."""
    return [found for path in _paths(CODE) for found in _functions(path)]


def summary() -> str:
    """The medians in one line."""
    try:
        parts = (("functions", functions()), ("files", files()), ("templates", templates()))
    except SyntaxError as error:
        return f"lines: not counted, {error.filename} cannot be read: {error.msg}"
    return "lines, median and longest: " + ", ".join(_spread(name, found) for name, found in parts if found)


def _spread(name: str, found: list[Length]) -> str:
    lines = [length.lines for length in found]
    return f"{name} {statistics.median(lines):.0f} and {max(lines)}"


def _paths(patterns: tuple[str, ...]) -> list[Path]:
    # The package's links lead to folders that are counted at their own place.
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not {"_migrations", "_templates"} & set(path.parts))


def _files(patterns: tuple[str, ...]) -> list[Length]:
    return [Length(_name(path), len(path.read_text().splitlines())) for path in _paths(patterns)]


def _functions(path: Path) -> Iterator[Length]:
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield Length(f"{_name(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))
