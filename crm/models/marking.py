"""Marks on feeds, put by the database itself wherever something that a feed shows is changed.

Triggers see every way in: verbs, bulk statements of imports, restored backups, somebody's own SQL. A change
that a feed does not show, such as a contact's stage, puts no mark, and without feeds nothing is written at
all. They are laid anew after each migration: SQLite drops them with a table that is copied to be changed.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, inspect, text

#: Feeds whose owner is one of these people; `{ids}` is a list of columns.
_OWNED = "f.workspace_id = {row}.workspace_id AND f.user_id IN ({ids}) AND f.deleted_at IS NULL"
_MARK = "INSERT INTO feed_marks (workspace_id, feed_id, source, source_id) SELECT f.workspace_id, f.id, "
_HAS_REMINDERS = "f.include LIKE '% reminders %'"


class Trigger(NamedTuple):
    """After which change of which table which feeds get which mark."""

    name: str
    event: str
    table: str
    body: str
    #: For PostgreSQL: once a statement over all its rows, which imports of thousands want.
    whole: bool = False


def _owned(ids: str, row: str = "NEW") -> str:
    return _OWNED.format(ids=ids, row=row)


_INTERVIEWS = (
    "SELECT i.owner_id FROM interviews i WHERE i.workspace_id = NEW.workspace_id AND i.contact_id = NEW.id"
)
TRIGGERS = (
    Trigger(
        "feeds_see_new_interview",
        "INSERT",
        "interviews",
        f"{_MARK}'interview', NEW.id FROM feeds f WHERE {_owned('NEW.owner_id')}",
    ),
    Trigger(
        "feeds_see_changed_interview",
        "UPDATE",
        "interviews",
        f"{_MARK}'interview', NEW.id FROM feeds f WHERE {_owned('OLD.owner_id, NEW.owner_id')}",
    ),
    Trigger(
        "feeds_see_lost_interview",
        "DELETE",
        "interviews",
        f"{_MARK}'interview', OLD.id FROM feeds f WHERE {_owned('OLD.owner_id', 'OLD')}",
    ),
    Trigger(
        "feeds_see_new_reminder",
        "INSERT",
        "reminders",
        f"{_MARK}'reminder', NEW.id FROM feeds f WHERE {_owned('NEW.owner_id')} AND {_HAS_REMINDERS}",
        whole=True,
    ),
    Trigger(
        "feeds_see_changed_reminder",
        "UPDATE OF due_at, state, owner_id, contact_id, kind, updated_at",
        "reminders",
        f"{_MARK}'reminder', NEW.id FROM feeds f "
        f"WHERE {_owned('OLD.owner_id, NEW.owner_id')} AND {_HAS_REMINDERS}",
    ),
    Trigger(
        "feeds_see_lost_reminder",
        "DELETE",
        "reminders",
        f"{_MARK}'reminder', OLD.id FROM feeds f WHERE {_owned('OLD.owner_id', 'OLD')} AND {_HAS_REMINDERS}",
    ),
    Trigger(
        "feeds_see_changed_contact",
        "UPDATE OF name, title, phone, organisation_id, owner_id, deleted_at",
        "contacts",
        f"{_MARK}'contact', NEW.id FROM feeds f "
        f"WHERE {_owned(f'SELECT OLD.owner_id UNION SELECT NEW.owner_id UNION {_INTERVIEWS}')}",
    ),
    Trigger(
        "feeds_see_renamed_organisation",
        "UPDATE OF name",
        "organisations",
        f"{_MARK}'organisation', NEW.id FROM feeds f "
        "WHERE f.workspace_id = NEW.workspace_id AND f.deleted_at IS NULL",
    ),
    Trigger(
        "feeds_see_moved_user",
        "UPDATE OF timezone",
        "users",
        f"{_MARK}'all', 0 FROM feeds f WHERE f.user_id = NEW.id AND f.deleted_at IS NULL",
    ),
    Trigger(
        "feeds_see_new_wishes",
        "INSERT",
        "preferences",
        f"{_MARK}'all', 0 FROM feeds f WHERE {_owned('NEW.user_id')} AND NEW.own_copy <> 'feed'",
    ),
    Trigger(
        "feeds_see_changed_wishes",
        "UPDATE",
        "preferences",
        f"{_MARK}'all', 0 FROM feeds f WHERE {_owned('NEW.user_id')} AND NEW.own_copy <> OLD.own_copy",
    ),
    Trigger(
        "feeds_see_new_member",
        "INSERT",
        "campaign_contacts",
        f"{_MARK}'contact', NEW.contact_id FROM feeds f "
        "WHERE f.workspace_id = NEW.workspace_id AND f.campaigns <> '' AND f.deleted_at IS NULL",
        whole=True,
    ),
    Trigger(
        "feeds_see_changed_member",
        "UPDATE",
        "campaign_contacts",
        f"{_MARK}'contact', c.id FROM feeds f JOIN contacts c ON c.id IN (OLD.contact_id, NEW.contact_id) "
        "WHERE f.workspace_id = NEW.workspace_id AND f.campaigns <> '' AND f.deleted_at IS NULL",
    ),
    Trigger(
        "feeds_see_lost_member",
        "DELETE",
        "campaign_contacts",
        f"{_MARK}'contact', OLD.contact_id FROM feeds f "
        "WHERE f.workspace_id = OLD.workspace_id AND f.campaigns <> '' AND f.deleted_at IS NULL",
    ),
)


def lay(connection: Connection) -> None:
    """Put the triggers in place, whatever was there; on an older database there is nothing to mark."""
    if not inspect(connection).has_table("feed_marks"):
        return
    for trigger in TRIGGERS:
        for statement in statements(trigger, connection.dialect.name):
            connection.execute(text(statement))


def lift(connection: Connection) -> None:
    """Take the triggers away, where there are any."""
    if not inspect(connection).has_table("feed_marks"):
        return
    for trigger in TRIGGERS:
        on = f" ON {trigger.table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger.name}{on}"))
        if on:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {trigger.name}()"))


def statements(trigger: Trigger, dialect: str) -> tuple[str, ...]:
    """What creates one trigger, on one of the two databases."""
    name, event, table, body, whole = trigger
    if dialect == "sqlite":
        begin = f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body}; END"
        return f"DROP TRIGGER IF EXISTS {name}", begin
    if whole:
        body = body.replace("FROM feeds f", "FROM feeds f JOIN fresh ON TRUE").replace("NEW.", "fresh.")
    each = "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT" if whole else "FOR EACH ROW"
    head = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
    return (
        f"{head} $$ BEGIN {body}; RETURN NULL; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} AFTER {event} ON {table} {each} EXECUTE FUNCTION {name}()",
    )
