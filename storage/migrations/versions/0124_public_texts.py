"""Words of appeals that anybody may read: the applicant's consent, and the wording that was approved."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0124"
down_revision = "0123"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "public_texts",
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("agreed_at", Moment, nullable=False),
        sa.Column("wording", ForeignText, server_default="", nullable=False),
        sa.Column("decided_by", KEY),
        sa.Column("decided_at", Moment),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_public_texts")),
        sa.ForeignKeyConstraint(["number"], ["appeals.number"], name=op.f("fk_public_texts_number_appeals")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_public_texts_decided_by_users")),
        sa.CheckConstraint(
            "state IN ('waiting', 'published', 'refused', 'taken-back')", name=op.f("ck_public_texts_state")
        ),
        sa.CheckConstraint("(state = 'published') = (wording <> '')", name=op.f("ck_public_texts_wording")),
    )
    op.create_index(
        "ix_public_texts_waiting",
        "public_texts",
        ["agreed_at"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    # Whoever agreed by the form before there was a list.
    op.execute(
        "INSERT INTO public_texts (number, state, agreed_at, wording)"
        " SELECT appeal, 'waiting', at, '' FROM resident_reports WHERE publish AND appeal IS NOT NULL"
    )
