"""Calls that are owed stand in one table. For what was owed before nobody is called: people see to it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_table("campaign_people")
    op.drop_table("call_attempts")
    op.create_table(
        "call_jobs",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("subject", KEY),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("campaign_id", KEY, sa.ForeignKey("campaigns.id")),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("exempt", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.Column("held_by", sa.Text),
        sa.Column("renewed_at", MOMENT),
        sa.Column("call_id", sa.Text, unique=True),
        sa.Column("called_at", MOMENT),
        sa.Column("result", sa.Text),
        sa.UniqueConstraint("source", "subject", name="uq_call_jobs_source_subject"),
        sa.UniqueConstraint("campaign_id", "number", name="uq_call_jobs_campaign_id_number"),
        sa.CheckConstraint(
            "state IN ('due', 'claimed', 'admitted', 'dialled', 'over', 'reached', 'given-up')",
            name=op.f("ck_call_jobs_state"),
        ),
        sa.CheckConstraint(
            "state IN ('due', 'given-up') OR (call_id IS NOT NULL AND claimed_at IS NOT NULL"
            " AND held_by IS NOT NULL AND renewed_at IS NOT NULL)",
            name=op.f("ck_call_jobs_claimed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('over', 'reached') OR result IS NOT NULL", name=op.f("ck_call_jobs_result")
        ),
    )
    _index(
        "uq_call_jobs_number_on_the_phone", "number", unique=True, where="state IN ('admitted', 'dialled')"
    )
    _index("ix_call_jobs_due", "urgency", "due_at", "id", where="state = 'due' AND campaign_id IS NULL")
    _index("ix_call_jobs_campaign_due", "campaign_id", "due_at", where="state = 'due'")
    _index(
        "ix_call_jobs_under_way", "renewed_at", where="state IN ('claimed', 'admitted', 'dialled', 'over')"
    )
    _index(
        "ix_call_jobs_campaign_unended",
        *("campaign_id", "state"),
        where="state IN ('due', 'claimed', 'admitted', 'dialled', 'over')",
    )
    op.create_index("ix_call_jobs_campaign_called", "call_jobs", ["campaign_id", "called_at"])
    op.create_index("ix_call_jobs_about", "call_jobs", ["about", "source"])
    op.create_table(
        "call_attempts",
        sa.Column("call_id", sa.Text, primary_key=True),
        sa.Column("job_id", KEY, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("dialled_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("result", sa.Text),
    )
    op.create_index("ix_call_attempts_job_id", "call_attempts", ["job_id"])
    op.create_index("ix_call_attempts_number", "call_attempts", ["number", "dialled_at"])
    op.create_index("ix_call_attempts_dialled", "call_attempts", ["dialled_at"])
    op.drop_index("ix_surveys_due", "surveys")
    op.add_column("surveys", sa.Column("ended_at", MOMENT))
    op.execute("UPDATE surveys SET ended_at = changed_at")
    op.execute("UPDATE surveys SET outcome = 'not-called' WHERE state <> 'ended'")
    op.execute("UPDATE notices SET state = 'failed' WHERE channel = 'call' AND state IN ('owed', 'claimed')")
    for gone in ("state", "due_at", "changed_at", "attempts"):
        op.drop_column("surveys", gone)


def _index(name: str, *columns: str, unique: bool = False, where: str) -> None:
    condition: dict[str, Any] = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
    op.create_index(name, "call_jobs", list(columns), unique=unique, **condition)
