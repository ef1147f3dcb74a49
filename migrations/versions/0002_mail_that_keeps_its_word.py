"""Mail that keeps its word: doubts and journals, preferences, notifications, rehearsals."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("p256dh", sa.String(length=120), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_devices_user_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_devices_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index("ix_devices_workspace_user", ["workspace_id", "user_id"], unique=False)
        batch_op.create_index("uq_devices_endpoint", ["endpoint_hash"], unique=True)

    op.create_table(
        "preferences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest_at", sa.String(length=5), nullable=False),
        sa.Column("digest_next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("near_in_digest", sa.Boolean(), nullable=False),
        sa.Column("look_ahead_next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_until", sa.String(length=5), nullable=True),
        sa.Column("days_off", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_preferences_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_preferences_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
    )
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.create_index(
            "ix_preferences_digest",
            ["digest_next_at"],
            unique=False,
            sqlite_where=sa.text("digest_next_at IS NOT NULL"),
            postgresql_where=sa.text("digest_next_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_preferences_look_ahead",
            ["look_ahead_next_at"],
            unique=False,
            sqlite_where=sa.text("look_ahead_next_at IS NOT NULL"),
            postgresql_where=sa.text("look_ahead_next_at IS NOT NULL"),
        )
        batch_op.create_index("uq_preferences_user", ["workspace_id", "user_id"], unique=True)

    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=True),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ask",
                "follow_up",
                "close",
                "set_date",
                "prepare",
                "brief",
                "how_did_it_go",
                "thank_you",
                "stay_in_touch",
                "tell_referrer",
                "report_back",
                "commitment",
                "digest",
                "look_ahead",
                "test",
                "invitation",
                "update",
                "cancellation",
                "letter",
                "account",
                name="messagekind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "way",
            sa.Enum("letter", "digest", "off", name="way", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["messages.id"], name=op.f("fk_notifications_letter_id")),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminders.id"], name=op.f("fk_notifications_reminder_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notifications_user_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_notifications_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notifications_dedupe_key")),
    )
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notifications_digest",
            ["workspace_id", "user_id"],
            unique=False,
            sqlite_where=sa.text("way = 'digest' AND letter_id IS NULL"),
            postgresql_where=sa.text("way = 'digest' AND letter_id IS NULL"),
        )
        batch_op.create_index("ix_notifications_letter", ["letter_id"], unique=False)
        batch_op.create_index(
            "ix_notifications_unseen",
            ["workspace_id", "user_id"],
            unique=False,
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        )
        batch_op.create_index(
            "ix_notifications_workspace_reminder", ["workspace_id", "reminder_id"], unique=False
        )
        batch_op.create_index(
            "ix_notifications_workspace_user", ["workspace_id", "user_id", "id"], unique=False
        )

    op.create_table(
        "rehearsals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("node", sa.String(length=120), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["messages.id"], name=op.f("fk_rehearsals_letter_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_rehearsals_user_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_rehearsals_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsals")),
    )
    with op.batch_alter_table("rehearsals", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rehearsals_asked",
            ["asked_at"],
            unique=False,
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )
        batch_op.create_index("ix_rehearsals_workspace_user", ["workspace_id", "user_id", "id"], unique=False)

    op.create_table(
        "pushes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("notification_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "failed",
                "expired",
                "cancelled",
                name="pushstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name=op.f("fk_pushes_device_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name=op.f("fk_pushes_notification_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_pushes_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
        sa.UniqueConstraint("notification_id", "device_id", name=op.f("uq_pushes_notification_id_device_id")),
    )
    with op.batch_alter_table("pushes", schema=None) as batch_op:
        batch_op.create_index("ix_pushes_device", ["device_id"], unique=False)
        batch_op.create_index(
            "ix_pushes_queue",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        )

    with op.batch_alter_table("mail_channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("per_hour", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("said", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("journal", sa.String(length=254), server_default="", nullable=False))
        batch_op.add_column(sa.Column("doubtful_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_messages_queue"), sqlite_where=sa.text("state = 'waiting'"))
        batch_op.create_index(
            "ix_messages_queue",
            ["next_try_at", "not_after", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "ix_messages_doubts",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("state = 'doubtful'"),
            postgresql_where=sa.text("state = 'doubtful'"),
        )
        batch_op.create_index("ix_messages_sent", ["sent_at"], unique=False)
        batch_op.create_index(
            "ix_messages_uncertain",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'uncertain'"),
            postgresql_where=sa.text("state = 'uncertain'"),
        )
        batch_op.create_index(
            "ix_messages_told",
            ["workspace_id", "user_id", "to_contact", "sent_at"],
            unique=False,
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
        batch_op.create_index("ix_messages_workspace_reminder", ["workspace_id", "reminder_id"], unique=False)

    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index("ix_reminders_workspace", ["workspace_id", "id"], unique=False)

    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "way",
                sa.Enum("letter", "digest", "off", name="way", native_enum=False, length=20),
                server_default="letter",
                nullable=False,
            )
        )

    # Letters that name no end of their use were given up after five days.
    messages = sa.table(
        "messages",
        sa.column("not_after", sa.DateTime(timezone=True)),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    five_days_on = (
        sa.func.datetime(messages.c.created_at, "+5 days", type_=sa.String)
        if op.get_bind().dialect.name == "sqlite"
        else messages.c.created_at + sa.text("interval '5 days'")
    )
    op.execute(messages.update().where(messages.c.not_after.is_(None)).values(not_after=five_days_on))
    _write_steps_as_clocks_show_them()
    _lay_bodies_beside()


#: What a letter says.
BODY = (("text", sa.Text), ("html", sa.Text), ("raw", sa.LargeBinary))


def _lay_bodies_beside() -> None:
    """What letters say gets a table of its own: it never changes, and their rows do at each step."""
    op.create_table(
        "message_bodies",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        *(sa.Column(name, kind(), nullable=True) for name, kind in BODY),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_message_bodies_message_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_message_bodies_workspace_id")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_bodies")),
    )
    op.create_index(op.f("ix_message_bodies_workspace_id"), "message_bodies", ["workspace_id"])
    op.execute("INSERT INTO message_bodies SELECT id, workspace_id, text, html, raw FROM messages")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        for name, _ in BODY:
            batch_op.drop_column(name)


def _put_bodies_back() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        for name, kind in BODY:
            batch_op.add_column(sa.Column(name, kind(), nullable=True))
    letters = sa.table("messages", sa.column("id"), *(sa.column(name) for name, _ in BODY))
    bodies = sa.table("message_bodies", sa.column("message_id"), *(sa.column(name) for name, _ in BODY))
    for name, _ in BODY:
        said = sa.select(bodies.c[name]).where(bodies.c.message_id == letters.c.id).scalar_subquery()
        op.execute(letters.update().values({name: said}))
    op.drop_table("message_bodies")


def _write_steps_as_clocks_show_them() -> None:
    """The times of steps were written in UTC, which hides the morning in them."""
    connection = op.get_bind()
    users = sa.table("users", sa.column("id", sa.Integer()), sa.column("timezone", sa.String()))
    reminders = sa.table(
        "reminders",
        sa.column("id", sa.Integer()),
        sa.column("owner_id", sa.Integer()),
        sa.column("state", sa.String()),
        sa.column("steps", sa.JSON()),
    )
    query = sa.select(reminders.c.id, reminders.c.steps, users.c.timezone)
    query = query.join(users, users.c.id == reminders.c.owner_id)
    query = query.where(reminders.c.state.in_(["pending", "snoozed"]))
    for reminder_id, steps, zone in connection.execute(query).all():
        shown = [
            [name, datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).isoformat()] for name, at in steps
        ]
        connection.execute(reminders.update().where(reminders.c.id == reminder_id).values(steps=shown))


def downgrade() -> None:
    """Take back."""
    _put_bodies_back()
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_column("way")

    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.drop_index("ix_reminders_workspace")

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_told",
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
        batch_op.drop_index(
            "ix_messages_uncertain",
            sqlite_where=sa.text("state = 'uncertain'"),
            postgresql_where=sa.text("state = 'uncertain'"),
        )
        batch_op.drop_index("ix_messages_workspace_reminder")
        batch_op.drop_index("ix_messages_sent")
        batch_op.drop_index(
            "ix_messages_doubts",
            sqlite_where=sa.text("state = 'doubtful'"),
            postgresql_where=sa.text("state = 'doubtful'"),
        )
        batch_op.drop_index(
            "ix_messages_queue",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            batch_op.f("ix_messages_queue"),
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_column("doubtful_since")
        batch_op.drop_column("journal")
        batch_op.drop_column("urgent")

    with op.batch_alter_table("mail_channel", schema=None) as batch_op:
        batch_op.drop_column("said_at")
        batch_op.drop_column("said")
        batch_op.drop_column("per_hour")

    with op.batch_alter_table("pushes", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_pushes_queue",
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        )
        batch_op.drop_index("ix_pushes_device")

    op.drop_table("pushes")
    with op.batch_alter_table("rehearsals", schema=None) as batch_op:
        batch_op.drop_index("ix_rehearsals_workspace_user")
        batch_op.drop_index(
            "ix_rehearsals_asked",
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    op.drop_table("rehearsals")
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_index("ix_notifications_workspace_user")
        batch_op.drop_index("ix_notifications_workspace_reminder")
        batch_op.drop_index(
            "ix_notifications_unseen",
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        )
        batch_op.drop_index("ix_notifications_letter")
        batch_op.drop_index(
            "ix_notifications_digest",
            sqlite_where=sa.text("way = 'digest' AND letter_id IS NULL"),
            postgresql_where=sa.text("way = 'digest' AND letter_id IS NULL"),
        )

    op.drop_table("notifications")
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.drop_index("uq_preferences_user")
        batch_op.drop_index(
            "ix_preferences_look_ahead",
            sqlite_where=sa.text("look_ahead_next_at IS NOT NULL"),
            postgresql_where=sa.text("look_ahead_next_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_preferences_digest",
            sqlite_where=sa.text("digest_next_at IS NOT NULL"),
            postgresql_where=sa.text("digest_next_at IS NOT NULL"),
        )

    op.drop_table("preferences")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_index("uq_devices_endpoint")
        batch_op.drop_index("ix_devices_workspace_user")

    op.drop_table("devices")
