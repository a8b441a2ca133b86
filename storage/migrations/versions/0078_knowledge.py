"""The knowledge base: articles in versions, questions that none answers yet."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    _versions()
    _missing()


def _versions() -> None:
    op.create_table(
        "article_versions",
        sa.Column("id", KEY, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("note", ForeignText, nullable=False),
        sa.Column("uk", sa.JSON, nullable=False),
        sa.Column("en", sa.JSON, nullable=False),
        sa.Column("said_as", ForeignText, nullable=False),
        sa.Column("categories", sa.JSON, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("spoken", sa.Boolean, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("asks", ForeignText, nullable=False),
        sa.Column("says", ForeignText, nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_article_versions")),
        *_references("article_versions", id="articles", user_id="users", owner_id="users"),
        sa.CheckConstraint("public OR NOT spoken", name=op.f("ck_article_versions_spoken")),
    )


def _missing() -> None:
    op.create_table(
        "missing_answers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("question", ForeignText, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("owner_id", KEY),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("article_id", KEY),
        sa.Column("closed_at", Moment),
        sa.Column("closed_by", KEY),
        sa.Column("reason", ForeignText, nullable=False),
        sa.Column("read_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_answers")),
        *_references("missing_answers", user_id="users", owner_id="users", closed_by="users"),
        *_references("missing_answers", article_id="articles"),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'dismissed')", name=op.f("ck_missing_answers_state")
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (article_id IS NOT NULL)", name=op.f("ck_missing_answers_answered")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_missing_answers_closed"),
        ),
    )
    op.create_index(op.f("ix_missing_answers_call_id"), "missing_answers", ["call_id"])
    op.create_index("ix_missing_answers_state", "missing_answers", ["state", "at"])
    op.create_index("ix_missing_answers_of_user", "missing_answers", ["user_id", "at"])


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, of in columns.items()
    ]
