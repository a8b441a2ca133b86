"""Reports of residents, each once, with what is known of who sent it."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resident_reports",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", ForeignText, nullable=False),
        sa.Column("sender", ForeignText, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("appeal", sa.Text),
        sa.Column("channel", sa.Text),
        sa.Column("contact", ForeignText, nullable=False, server_default=""),
        sa.Column("publish", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("confirmed_at", Moment),
        sa.ForeignKeyConstraint(
            ["appeal"], ["appeals.number"], name=op.f("fk_resident_reports_appeal_appeals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_reports")),
        sa.UniqueConstraint("source", "key", name="uq_resident_reports_key"),
        sa.UniqueConstraint("appeal", name=op.f("uq_resident_reports_appeal")),
        sa.CheckConstraint(
            "source IN ('web', 'api', 'open311', 'chat', 'telegram', 'gateway', 'sms')",
            name=op.f("ck_resident_reports_source"),
        ),
        sa.CheckConstraint("(channel IS NULL) = (contact = '')", name=op.f("ck_resident_reports_contact")),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_resident_reports_point")
        ),
    )
    op.create_index(op.f("ix_resident_reports_at"), "resident_reports", ["at"])
    op.create_index("ix_resident_reports_of_contact", "resident_reports", ["contact", "at"])
