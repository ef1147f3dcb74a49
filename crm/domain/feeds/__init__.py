"""Feeds: a user's calendar subscriptions, what stands in them, and who fetches them."""

from crm.domain.feeds.keeping import keep, marked, patch, recipe, tidy
from crm.domain.feeds.looking import Found, look
from crm.domain.feeds.programs import Program, program, program_of
from crm.domain.feeds.shelf import Calendar, Shelf
from crm.domain.feeds.subscribing import (
    add,
    by_secret,
    change,
    get,
    page,
    pause,
    remove,
    resume,
    rotate,
)
from crm.domain.feeds.talks import entry_of
from crm.domain.feeds.visits import NOTED, Pace, note, pace

__all__ = [
    "NOTED",
    "Calendar",
    "Found",
    "Pace",
    "Program",
    "Shelf",
    "add",
    "by_secret",
    "change",
    "entry_of",
    "get",
    "keep",
    "look",
    "marked",
    "note",
    "pace",
    "page",
    "patch",
    "pause",
    "program",
    "program_of",
    "recipe",
    "remove",
    "resume",
    "rotate",
    "tidy",
]
