"""A city's own documents in versions: classifier, categories of applicants, paperwork, days off, pauses."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_KINDS = "'classifier', 'benefits', 'paperwork', 'days-off', 'pauses'"
_DRAFT = sa.text("in_force_since IS NULL AND version >= 1001")


def upgrade() -> None:
    op.create_table(
        "city_documents",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("text", ForeignText, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("made_by", KEY),
        sa.Column("note", ForeignText, nullable=False),
        sa.Column("in_force_since", Moment),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_city_documents")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_city_documents_made_by")),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_city_documents_kind")),
        sa.CheckConstraint("version > 0", name=op.f("ck_city_documents_version")),
    )
    op.create_index(
        "uq_city_documents_draft",
        "city_documents",
        ["kind"],
        unique=True,
        sqlite_where=_DRAFT,
        postgresql_where=_DRAFT,
    )
