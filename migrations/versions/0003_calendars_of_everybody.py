"""Calendars that programs subscribe to: what each holds, and the entries it is joined from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. The triggers that mark feeds are laid once all migrations have run (`crm.core.migrate`)."""
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        for column in _columns():
            batch_op.add_column(column)
    _visits()
    _entries()
    _marks()


def downgrade() -> None:
    """Take back."""
    for table in ("feed_marks", "feed_entries", "feed_visits"):
        op.drop_table(table)
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        for column in _columns():
            batch_op.drop_column(column.name)


def _columns() -> Iterator[sa.Column[Any]]:
    yield sa.Column("campaigns", sa.String(length=200), server_default="", nullable=False)
    yield sa.Column("reminders_as", sa.String(length=20), server_default="all_day", nullable=False)
    yield sa.Column("preparation_minutes", sa.Integer(), server_default="30", nullable=False)
    yield sa.Column("alarms", sa.Integer(), nullable=True)
    yield sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    yield sa.Column("recipe", sa.String(length=64), server_default="", nullable=False)
    yield sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True)


def _of_feed(table: str) -> tuple[sa.Column[int], sa.Column[int], sa.ForeignKeyConstraint, sa.Constraint]:
    feed, workspace = f"fk_{table}_feed_id", f"fk_{table}_workspace_id"
    return (
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f(feed), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f(workspace)),
    )


def _visits() -> None:
    op.create_table(
        "feed_visits",
        *_of_feed("feed_visits"),
        sa.Column("program", sa.String(length=40), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "program", name=op.f("pk_feed_visits")),
    )


def _entries() -> None:
    op.create_table(
        "feed_entries",
        *_of_feed("feed_entries"),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("feed_id", "key", name=op.f("pk_feed_entries")),
    )
    op.create_index("ix_feed_entries_version", "feed_entries", ["feed_id", "version"])
    op.create_index("ix_feed_entries_start", "feed_entries", ["starts_at"])


def _marks() -> None:
    op.create_table(
        "feed_marks",
        *_of_feed("feed_marks"),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_feed_marks_feed", "feed_marks", ["feed_id"])
