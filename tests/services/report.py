"""What stands below the results: what was left out, and how long functions, files and templates are."""

from __future__ import annotations

import os

import pytest
from _pytest.terminal import TerminalReporter

from tests.house import measures


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the measures, and one line for every reason to leave tests out."""
    terminalreporter.write_line(measures.summary())
    for reason, count in left_out(terminalreporter).items():
        terminalreporter.write_line(f"LEFT OUT: {count} tests: {reason}", yellow=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nobody would read that line, leaving out is failing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and left_out(reporter) and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def left_out(reporter: TerminalReporter) -> dict[str, int]:
    """How many tests were skipped, by reason."""
    found: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        found[reason] = found.get(reason, 0) + 1
    return found
