"""Statements for media and the Internet, with their approved versions."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

_STATES = "'draft', 'submitted', 'approved', 'correcting', 'correction-submitted', 'withdrawn', 'discarded'"
_WITHDRAWN = (
    "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
)


def upgrade() -> None:
    op.create_table(
        "statements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("instructed_by", ForeignText, nullable=False),
        sa.Column("number", ForeignText, nullable=False),
        sa.Column("dated", sa.Date, nullable=False),
        sa.Column("uk", sa.JSON, nullable=False),
        sa.Column("en", sa.JSON, nullable=False),
        sa.Column("publish_at", Moment),
        sa.Column("correction", ForeignText, nullable=False),
        sa.Column("refusal", ForeignText, nullable=False),
        sa.Column("withdrawn_by", KEY),
        sa.Column("withdrawn_at", Moment),
        sa.Column("reason", ForeignText, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_statements_author_id_users")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["users.id"], name=op.f("fk_statements_withdrawn_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_statements_state")),
        sa.CheckConstraint(_WITHDRAWN, name=op.f("ck_statements_withdrawn")),
    )
    op.create_index("ix_statements_state", "statements", ["state"])
    op.create_table(
        "statement_versions",
        sa.Column("statement_id", KEY, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("uk", sa.JSON, nullable=False),
        sa.Column("en", sa.JSON, nullable=False),
        sa.Column("correction", ForeignText, nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("approver_id", KEY, nullable=False),
        sa.Column("approved_at", Moment, nullable=False),
        sa.Column("published_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_versions_statement_id_statements")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_statement_versions_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["users.id"], name=op.f("fk_statement_versions_approver_id_users")
        ),
        sa.PrimaryKeyConstraint("statement_id", "number", name=op.f("pk_statement_versions")),
        sa.CheckConstraint("author_id <> approver_id", name=op.f("ck_statement_versions_second_person")),
    )
