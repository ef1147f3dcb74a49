"""How Celery works here. Read by Celery itself when it first needs it."""

from __future__ import annotations

import pkgutil
import sys

import workers
from crm.broker import TRANSPORT
from crm.settings import Settings, SettingsError
from workers import schedule

try:
    broker_url = Settings.read().broker_url
except SettingsError as wrong:
    sys.exit(str(wrong))

#: Every room of this package, but for the modules about Celery itself.
include = [
    f"workers.{module.name}"
    for module in pkgutil.iter_modules(workers.__path__)
    if module.name not in ("app", "clock", "configuration", "schedule")
]

broker_transport_options = TRANSPORT
broker_connection_retry_on_startup = True
# The default gives up after a hundred tries, and the worker with it.
broker_connection_max_retries = None

# A task only drains what is due, so that running it twice does no harm and losing it does.
task_acks_late = True
task_reject_on_worker_lost = True
task_ignore_result = True
worker_prefetch_multiplier = 1
worker_cancel_long_running_tasks_on_connection_loss = True
worker_soft_shutdown_timeout = 10.0
worker_enable_soft_shutdown_on_idle = False
worker_hijack_root_logger = False
# It would cut a traceback into lines of one word.
worker_redirect_stdouts = False
worker_send_task_events = False

# In memory: a plain interval has nothing to remember from one start to the next.
beat_schedule = schedule.TICKS
beat_scheduler = "workers.clock:Clock"
beat_max_loop_interval = 1.0

timezone = "UTC"
enable_utc = True
