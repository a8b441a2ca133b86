"""Attempts of the calls that the hotline places by itself, and whom it does not call."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_attempts",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("errand", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("exempt", ForeignText(), nullable=False),
        sa.Column("claimed_at", Moment(), nullable=False),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("renewed_at", Moment(), nullable=False),
        sa.Column("dialled_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("told_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("call_id", name="pk_call_attempts"),
    )
    for name, columns, condition, unique in (
        ("uq_call_attempts_errand_under_way", ["errand"], "ended_at IS NULL", True),
        ("uq_call_attempts_number_under_way", ["number"], "ended_at IS NULL", True),
        ("ix_call_attempts_untold", ["renewed_at"], "told_at IS NULL", False),
    ):
        only = sa.text(condition)
        op.create_index(
            name, "call_attempts", columns, unique=unique, sqlite_where=only, postgresql_where=only
        )
    op.create_index("ix_call_attempts_number", "call_attempts", ["number", "dialled_at"])
    op.create_index("ix_call_attempts_errand", "call_attempts", ["errand", "claimed_at"])
    op.create_table(
        "do_not_call",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reason", ForeignText(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("user_id", KEY, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_do_not_call"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_do_not_call_user_id"),
    )
    op.create_index("ix_do_not_call_newest", "do_not_call", ["at"])
