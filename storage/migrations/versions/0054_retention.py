"""Data ends: legal holds, files to be deleted, a log of deletions; when a citizen was last noted."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("citizens", sa.Column("noted_at", Moment))
    citizens = sa.table("citizens", sa.column("noted_at", Moment))
    op.execute(sa.update(citizens).values(noted_at=datetime.now(UTC)))
    op.create_table(
        "legal_holds",
        sa.Column("id", KEY, nullable=False),
        sa.Column("thing", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_by", KEY, nullable=False),
        sa.Column("placed_at", Moment, nullable=False),
        sa.Column("lifted_by", KEY),
        sa.Column("lifted_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
        sa.ForeignKeyConstraint(["placed_by"], ["users.id"], name=op.f("fk_legal_holds_placed_by")),
        sa.ForeignKeyConstraint(["lifted_by"], ["users.id"], name=op.f("fk_legal_holds_lifted_by")),
        sa.CheckConstraint("thing IN ('appeal', 'call', 'citizen')", name=op.f("ck_legal_holds_thing")),
        sa.CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name=op.f("ck_legal_holds_lifted")),
    )
    standing = sa.text("lifted_at IS NULL")
    op.create_index(
        "uq_legal_holds_standing",
        "legal_holds",
        ["thing", "subject"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "doomed_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("doomed_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doomed_files")),
    )
    op.create_table(
        "deletions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("files", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletions")),
        sa.UniqueConstraint("began_at", "kind", "cause", name=op.f("uq_deletions_began_at_kind_cause")),
        sa.CheckConstraint("cause IN ('term', 'erasure')", name=op.f("ck_deletions_cause")),
    )
