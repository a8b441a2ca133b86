"""Agreements with other cities, and appeals taken for them."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0138"
down_revision = "0137"
branch_labels = None
depends_on = None


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, ForeignText, nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "neighbour_agreements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("name", ForeignText, nullable=False),
        sa.Column("document", ForeignText, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("hours_since", sa.Text, nullable=False),
        sa.Column("hours_until", sa.Text, nullable=False),
        sa.Column("shared", sa.JSON, nullable=False),
        sa.Column("number", sa.Text, nullable=False, server_default=""),
        _words("address"),
        sa.Column("token_id", KEY),
        sa.Column("secret", sa.Text, nullable=False, server_default=""),
        _words("copy"),
        sa.Column("copied_at", Moment),
        sa.Column("failing_since", Moment),
        _words("fault"),
        sa.Column("made_by", KEY, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("ended_by", KEY),
        _words("ended_why"),
        sa.CheckConstraint("part IN ('answers', 'answered')", name=op.f("ck_neighbour_agreements_part")),
        sa.CheckConstraint(
            "(part = 'answers') = (number <> '')", name=op.f("ck_neighbour_agreements_number")
        ),
        sa.CheckConstraint(
            "(part = 'answered') = (token_id IS NOT NULL)", name=op.f("ck_neighbour_agreements_token")
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR (secret = '' AND copy = '')", name=op.f("ck_neighbour_agreements_ended")
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_tokens.id"], name=op.f("fk_neighbour_agreements_token_id_api_tokens")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_neighbour_agreements_made_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["users.id"], name=op.f("fk_neighbour_agreements_ended_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_agreements")),
    )
    live = sa.text("number <> '' AND ended_at IS NULL")
    op.create_index(
        "uq_neighbour_agreements_number",
        "neighbour_agreements",
        ["number"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("ix_neighbour_agreements_token", "neighbour_agreements", ["token_id"])
    op.create_table(
        "neighbour_appeals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agreement_id", KEY, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("taken_at", Moment, nullable=False),
        sa.Column("taken_by", KEY, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("category", ForeignText, nullable=False),
        _words("body"),
        _words("number"),
        _words("follow_code"),
        sa.Column("handed_at", Moment),
        _words("otherwise"),
        sa.Column("otherwise_by", KEY),
        _words("fault"),
        sa.CheckConstraint("handed_at IS NULL OR body = ''", name=op.f("ck_neighbour_appeals_forgotten")),
        sa.CheckConstraint(
            "handed_at IS NULL OR number <> '' OR otherwise <> ''", name=op.f("ck_neighbour_appeals_handed")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["neighbour_agreements.id"],
            name=op.f("fk_neighbour_appeals_agreement_id_neighbour_agreements"),
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["users.id"], name=op.f("fk_neighbour_appeals_taken_by_users")),
        sa.ForeignKeyConstraint(
            ["otherwise_by"], ["users.id"], name=op.f("fk_neighbour_appeals_otherwise_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_appeals")),
    )
    op.create_index("uq_neighbour_appeals_key", "neighbour_appeals", ["key"], unique=True)
    op.create_index("ix_neighbour_appeals_agreement", "neighbour_appeals", ["agreement_id", "id"])
    op.create_index("ix_neighbour_appeals_call", "neighbour_appeals", ["call_id"])
