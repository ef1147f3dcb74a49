"""Answers to invitations: what they said, and when they would rather meet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RSVP = ("needs_action", "accepted", "declined", "tentative", "delegated")
WAYS = ("page", "reply", "counter", "refresh", "declinecounter")
#: 96 random bits for each talk that is there already, by the database itself.
TOKENS = {
    "sqlite": "lower(hex(randomblob(12)))",
    "postgresql": "substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)"
    " || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)",
}


def upgrade() -> None:
    """Apply."""
    _answers()
    _proposals()
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        own_copy = _words("owncopy", "feed", "invitation")
        batch_op.add_column(sa.Column("own_copy", own_copy, server_default="feed", nullable=False))
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("token", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("guest", sa.String(length=254), server_default="", nullable=False))
        batch_op.add_column(sa.Column("dated_sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("rsvp", _words("rsvp", *RSVP), server_default="needs_action", nullable=False)
        )
        batch_op.add_column(sa.Column("rsvp_at", sa.DateTime(timezone=True), nullable=True))
    _fill()
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.alter_column("token", server_default=None)
        batch_op.create_index("uq_interviews_token", ["token"], unique=True)


def _fill() -> None:
    """Each talk its token, and whom it invited as far as that is known."""
    columns = [sa.column(name) for name in ("token", "dated_sequence", "sequence", "invited", "guest")]
    interviews = sa.table("interviews", *columns, sa.column("contact_id"))
    contacts = sa.table("contacts", sa.column("id"), sa.column("email"))
    email = sa.select(sa.func.lower(contacts.c.email)).where(contacts.c.id == interviews.c.contact_id)
    token = sa.literal_column(TOKENS[op.get_bind().dialect.name])
    op.execute(interviews.update().values(token=token, dated_sequence=interviews.c.sequence))
    guest = sa.func.coalesce(email.scalar_subquery(), "")
    op.execute(interviews.update().where(interviews.c.invited.is_(sa.true())).values(guest=guest))


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("way", _words("answerway", *WAYS), nullable=False),
        sa.Column("attendee", sa.String(length=254), nullable=False),
        sa.Column("rsvp", _words("rsvp", *RSVP), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], name=op.f("fk_answers_interview_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_answers_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_answers_dedupe_key")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        columns = ["workspace_id", "interview_id", "attendee"]
        batch_op.create_index("ix_answers_workspace_interview", columns, unique=False)


def _proposals() -> None:
    states = _words("proposalstate", "open", "accepted", "declined", "gone")
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_proposals_answer_id")),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], name=op.f("fk_proposals_interview_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_proposals_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("interview_id", "number", name=op.f("uq_proposals_interview_id_number")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        columns = ["workspace_id", "interview_id"]
        batch_op.create_index("ix_proposals_workspace_interview", columns, unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.drop_index("uq_interviews_token")
        for name in ("rsvp_at", "rsvp", "dated_sequence", "guest", "token"):
            batch_op.drop_column(name)
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.drop_column("own_copy")
    op.drop_table("proposals")
    op.drop_table("answers")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=20)
