"""Hand-overs of shifts."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

_STATES = "'draft', 'handed-over', 'asked', 'taken-over'"


def upgrade() -> None:
    op.create_table(
        "shift_handovers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("outgoing", KEY, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("remarks", ForeignText, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("handed_at", Moment),
        sa.Column("incoming", KEY),
        sa.Column("taken_at", Moment),
        sa.ForeignKeyConstraint(["outgoing"], ["users.id"], name=op.f("fk_shift_handovers_outgoing_users")),
        sa.ForeignKeyConstraint(["incoming"], ["users.id"], name=op.f("fk_shift_handovers_incoming_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_handovers")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_shift_handovers_state")),
        sa.CheckConstraint("(state = 'draft') = (handed_at IS NULL)", name=op.f("ck_shift_handovers_handed")),
        sa.CheckConstraint(
            "(state = 'taken-over') = (taken_at IS NOT NULL) AND (taken_at IS NULL) = (incoming IS NULL)",
            name=op.f("ck_shift_handovers_taken"),
        ),
    )
    op.create_index(op.f("ix_shift_handovers_handed_at"), "shift_handovers", ["handed_at"])
    op.create_index(
        op.f("uq_shift_handovers_draft"),
        "shift_handovers",
        ["outgoing"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
