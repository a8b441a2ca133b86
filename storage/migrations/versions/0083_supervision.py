"""Orders about listening, help that dispatchers ask for, threatening callers, and slower places."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _orders()
    _help_and_threats()
    _slower_places()


def _orders() -> None:
    op.create_table(
        "listening_orders",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", ForeignText, nullable=False),
        sa.Column("dated", sa.Date, nullable=False),
        sa.Column("placed_by", KEY, nullable=False),
        sa.Column("placed_at", Moment, nullable=False),
        sa.Column("ended_by", KEY),
        sa.Column("ended_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listening_orders")),
        sa.ForeignKeyConstraint(["placed_by"], ["users.id"], name=op.f("fk_listening_orders_placed_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_listening_orders_ended_by")),
        sa.CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name=op.f("ck_listening_orders_ended")),
    )


def _help_and_threats() -> None:
    op.create_table(
        "help_requests",
        sa.Column("id", KEY, nullable=False),
        sa.Column("dispatcher_id", KEY, nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("ended_by", KEY),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_requests")),
        *_references("help_requests", dispatcher_id="dispatchers", ended_by="users"),
        sa.CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name=op.f("ck_help_requests_ended")),
    )
    op.create_index(
        "uq_help_requests_open",
        "help_requests",
        ["dispatcher_id", "call_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "threats",
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("dispatcher_id", KEY),
        sa.Column("marked_by", KEY, nullable=False),
        sa.Column("marked_at", Moment, nullable=False),
        sa.Column("taken_back_at", Moment),
        sa.Column("seen_by", KEY),
        sa.Column("hold_id", KEY),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_threats")),
        *_references("threats", dispatcher_id="dispatchers", marked_by="users", seen_by="users"),
        *_references("threats", hold_id="legal_holds"),
    )
    op.create_index(op.f("ix_threats_marked_at"), "threats", ["marked_at"])


def _slower_places() -> None:
    op.create_table(
        "slower_places",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("reason", ForeignText, nullable=False),
        sa.Column("placed_by", KEY, nullable=False),
        sa.Column("placed_at", Moment, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("ended_by", KEY),
        sa.Column("ended_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slower_places")),
        sa.ForeignKeyConstraint(["placed_by"], ["users.id"], name=op.f("fk_slower_places_placed_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_slower_places_ended_by")),
        sa.CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name=op.f("ck_slower_places_ended")),
        sa.CheckConstraint("review_on <= until", name=op.f("ck_slower_places_review")),
    )
    op.create_index(
        "uq_slower_places_standing",
        "slower_places",
        ["number"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, of in columns.items()
    ]
