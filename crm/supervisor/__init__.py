"""`crm up`: all processes of one machine under one command, and none of them longer than it."""

from __future__ import annotations

from pathlib import Path

from crm import paths
from crm.settings import Settings
from crm.supervisor import checks
from crm.supervisor.tree import Tree

__all__ = ["up"]


def up(settings: Settings, procfile: Path = paths.PROCFILE) -> int:
    """Start everything, keep it running, and stop it on SIGINT or SIGTERM; the exit status.

    Raises SettingsError where the port or the data folder is in use already.
    """
    checks.port_is_free(settings.host, settings.port)
    with checks.alone(settings):
        return Tree(settings, procfile).run()
