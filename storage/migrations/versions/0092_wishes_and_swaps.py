"""Wishes for the roster, and swaps of shifts."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

_WISHES = "'work', 'off'"
_STATES = "'offered', 'agreed', 'done', 'refused', 'withdrawn'"
_OPEN = sa.text("state IN ('offered', 'agreed')")


def upgrade() -> None:
    op.create_table(
        "roster_wishes",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("reason", ForeignText, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_roster_wishes_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_roster_wishes")),
        sa.CheckConstraint(f"wish IN ({_WISHES})", name=op.f("ck_roster_wishes_wish")),
    )
    op.create_index(op.f("ix_roster_wishes_day"), "roster_wishes", ["day"])
    op.create_table(
        "shift_swaps",
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("giver", KEY, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("given", sa.JSON, nullable=False),
        sa.Column("offered_to", KEY),
        sa.Column("wanted", sa.JSON),
        sa.Column("words", ForeignText, nullable=False),
        sa.Column("offered_at", Moment, nullable=False),
        sa.Column("taker", KEY),
        sa.Column("decided_by", KEY),
        sa.Column("decided_at", Moment),
        sa.Column("reason", ForeignText, nullable=False),
        sa.Column("giver_told", sa.Boolean, nullable=False),
        sa.Column("taker_told", sa.Boolean, nullable=False),
        *(
            sa.ForeignKeyConstraint([one], ["users.id"], name=op.f(f"fk_shift_swaps_{one}_users"))
            for one in ("giver", "offered_to", "taker", "decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_swaps")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_shift_swaps_state")),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'done') OR taker IS NOT NULL", name=op.f("ck_shift_swaps_taken")
        ),
        sa.CheckConstraint("state <> 'done' OR decided_at IS NOT NULL", name=op.f("ck_shift_swaps_decided")),
    )
    op.create_index(op.f("ix_shift_swaps_day"), "shift_swaps", ["day"])
    op.create_index(
        op.f("uq_shift_swaps_open"),
        "shift_swaps",
        ["giver", "day"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
