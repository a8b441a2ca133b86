"""Reports of what is off, and the alerts that many of them raise."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outage_alerts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("grew_at", Moment(), nullable=False),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("outage_id", KEY, nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("reason", ForeignText(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_outage_alerts"),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name="fk_outage_alerts_outage_id"),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name="fk_outage_alerts_decided_by"),
    )
    op.create_index("ix_outage_alerts_opened_at", "outage_alerts", ["opened_at"])
    op.create_index(
        "uq_outage_alerts_open",
        "outage_alerts",
        ["utility"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "outage_reports",
        sa.Column("id", KEY, nullable=False),
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("street", ForeignText(), nullable=False),
        sa.Column("house", ForeignText(), nullable=False),
        sa.Column("quarter", ForeignText(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("number", ForeignText(), nullable=True),
        sa.Column("applicant_id", KEY, nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("alert_id", KEY, nullable=True),
        sa.Column("outage_id", KEY, nullable=True),
        sa.Column("apart", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_outage_reports"),
        sa.ForeignKeyConstraint(["applicant_id"], ["citizens.id"], name="fk_outage_reports_applicant_id"),
        sa.ForeignKeyConstraint(["alert_id"], ["outage_alerts.id"], name="fk_outage_reports_alert_id"),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name="fk_outage_reports_outage_id"),
        sa.UniqueConstraint("appeal", name="uq_outage_reports_appeal"),
    )
    op.create_index("ix_outage_reports_alert_id", "outage_reports", ["alert_id"])
    op.create_index("ix_outage_reports_outage_id", "outage_reports", ["outage_id"])
    op.create_index(
        "uq_outage_reports_call",
        "outage_reports",
        ["call_id", "utility"],
        unique=True,
        sqlite_where=sa.text("appeal IS NULL"),
        postgresql_where=sa.text("appeal IS NULL"),
    )
    op.create_index(
        "ix_outage_reports_undecided",
        "outage_reports",
        ["at"],
        sqlite_where=sa.text("outage_id IS NULL"),
        postgresql_where=sa.text("outage_id IS NULL"),
    )
