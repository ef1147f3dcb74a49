"""Thunderbird subscribes, on a screen that nobody sees; what it shows lies in its database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from interop.ground import beside
from interop.packages import environment, missing, program
from interop.readers.reader import Look, Reader, instants
from interop.talks import Instants

#: One calendar at an address, kept on disk; no questions, no news from its makers, no account of mail.
PREFERENCES = """\
user_pref("calendar.registry.fika.type", "ics");
user_pref("calendar.registry.fika.uri", "{url}");
user_pref("calendar.registry.fika.name", "Fika");
user_pref("calendar.registry.fika.cache.enabled", true);
user_pref("calendar.registry.fika.readOnly", true);
user_pref("calendar.registry.fika.refreshInterval", "1");
user_pref("calendar.timezone.local", "UTC");
user_pref("calendar.timezone.useSystemTimezone", false);
user_pref("calendar.integration.notify", false);
user_pref("app.update.auto", false);
user_pref("app.update.enabled", false);
user_pref("app.donation.eoy.version.viewed", 999);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("datareporting.healthreport.uploadEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("mail.provider.suppress_dialog_on_startup", true);
user_pref("mail.spotlight.firstRunDone", true);
user_pref("mail.shell.checkDefaultClient", false);
user_pref("mail.rights.version", 1);
user_pref("mailnews.start_page.enabled", false);
user_pref("network.proxy.type", 0);
user_pref("browser.safebrowsing.blockedURIs.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("media.gmp-manager.updateEnabled", false);
"""
QUESTION = "SELECT id, event_start, event_end FROM cal_events"
#: Its database counts millionths of a second.
SECOND = 1_000_000


@contextmanager
def subscribe(url: str, home: Path) -> Iterator[Look]:
    """Start it with a profile that has subscribed; it fetches at once, and then each minute."""
    profile = home / "profile"
    profile.mkdir(parents=True)
    (profile / "prefs.js").write_text(PREFERENCES.format(url=url))
    command = [str(program("thunderbird")), "--profile", str(profile), "--no-remote", "-calendar"]
    with _screen(home) as display:
        env = environment(home) | {"DISPLAY": display, "MOZ_CRASHREPORTER_DISABLE": "1", "GDK_BACKEND": "x11"}
        with beside(home, "thunderbird", command, env):
            yield partial(look, profile / "calendar-data" / "cache.sqlite")


def look(cache: Path) -> Instants:
    """What it keeps and shows now; nothing where it was just being written.

    It lets nobody else read its database, so that a copy is read, with what has not become part of it yet.
    """
    with tempfile.TemporaryDirectory() as copy:
        for part in cache.parent.glob(f"{cache.name}*"):
            shutil.copy(part, copy)
        with closing(sqlite3.connect(Path(copy) / cache.name)) as database:
            try:
                found = database.execute(QUESTION).fetchall()
            except sqlite3.DatabaseError:
                return {}
    return instants([(uid, start / SECOND, end / SECOND) for uid, start, end in found])


@contextmanager
def _screen(home: Path) -> Iterator[str]:
    """A screen in memory; its name as programs want it."""
    reading, writing = os.pipe()
    options = f"-displayfd {writing} -screen 0 1280x900x24 -nolisten tcp"
    command = [str(program("Xvfb")), *options.split()]
    with beside(home, "xvfb", command, environment(home), outlets=[writing]):
        os.close(writing)
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"


#: It looks again each minute.
PATIENCE = 100.0
READER = Reader(
    "Thunderbird under Xvfb",
    ("thunderbird", "xvfb"),
    lambda: not missing("thunderbird", "Xvfb"),
    subscribe,
    PATIENCE,
)
