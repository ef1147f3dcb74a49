"""The Celery application. It only wakes us up: what is to be done stands in the database."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from celery import Celery, Task
from celery.signals import celeryd_init
from flask import Flask, has_app_context

from crm.core import Unmigrated, check_migrated, create_core
from crm.settings import Settings


class InContext(Task):  # type: ignore[misc]  # Celery has no types
    """A task that finds the database and the settings at hand, as a view does."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the context that is there, else in one of the small factory."""
        if has_app_context():
            return super().__call__(*args, **kwargs)
        with small_app().app_context():
            return super().__call__(*args, **kwargs)


#: The configuration is named, not loaded: it reads the environment, which only workers and beat need.
app = Celery("fika", task_cls=InContext, config_source="workers.configuration", set_as_current=True)


@cache
def small_app() -> Flask:
    """The application that all tasks of this process share."""
    return create_core(Settings.read())


@celeryd_init.connect
def refuse_unmigrated(**_: object) -> None:
    """Stop with one line before any task meets tables that it doesn't know."""
    try:
        check_migrated(small_app())
    except Unmigrated as error:
        sys.exit(str(error))
