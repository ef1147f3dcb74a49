"""Mail that comes in: replies, bounces, and what users forward."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IS_OFFER = sa.text("kind = 'offer' AND settled_at IS NULL")
IS_OPEN_REPLY = sa.text("kind = 'reply' AND settled_at IS NULL")
KINDS = ("reply", "auto_reply", "bounce", "delivery", "complaint", "rsvp", "sent", "offer", "unknown")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "received",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="came", native_enum=False, length=20), nullable=False),
        sa.Column(
            "direction", sa.Enum("out", "in", name="direction", native_enum=False, length=20), nullable=True
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_received_workspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_received_user_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_received_contact_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["messages.id"], name=op.f("fk_received_letter_id")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_received_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received")),
        sa.UniqueConstraint("digest", name=op.f("uq_received_digest")),
    )
    with op.batch_alter_table("received", schema=None) as batch_op:
        batch_op.create_index("ix_received_workspace", ["workspace_id", "id"], unique=False)
        batch_op.create_index("ix_received_workspace_contact", ["workspace_id", "contact_id"], unique=False)
        batch_op.create_index("ix_received_kind_at", ["kind", "at"], unique=False)
        batch_op.create_index(
            "ix_received_offers",
            ["workspace_id", "user_id"],
            unique=False,
            sqlite_where=IS_OFFER,
            postgresql_where=IS_OFFER,
        )
        batch_op.create_index(
            "ix_received_replies",
            ["workspace_id", "contact_id"],
            unique=False,
            sqlite_where=IS_OPEN_REPLY,
            postgresql_where=IS_OPEN_REPLY,
        )
    op.create_table(
        "mailbox_cursors",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_mailbox_cursors")),
    )
    op.create_table(
        "dropboxes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_dropboxes_workspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_dropboxes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dropboxes")),
        sa.UniqueConstraint("token", name=op.f("uq_dropboxes_token")),
        sa.UniqueConstraint("workspace_id", "user_id", name=op.f("uq_dropboxes_workspace_id_user_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bounce_status", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("bounce_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index("ix_contacts_email", ["email_key"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index("ix_contacts_email")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("bounce_reason")
        batch_op.drop_column("bounce_status")
    op.drop_table("dropboxes")
    op.drop_table("mailbox_cursors")
    op.drop_table("received")
