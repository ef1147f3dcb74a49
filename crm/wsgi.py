"""What the web server loads."""

from __future__ import annotations

import sys

from crm import lifeline
from crm.app import create_app
from crm.core import Unmigrated, check_migrated
from crm.settings import Settings, SettingsError

lifeline.follow_parent()

try:
    app = create_app(Settings.read())
    check_migrated(app)
except (SettingsError, Unmigrated) as error:
    sys.exit(str(error))
