"""Tables of the calls that the hotline places by itself: what is owed, what was dialled, whom not to call."""

from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hotline.dialling.campaign_states import CampaignState
from hotline.dialling.job_states import JobState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

do_not_call = Table(
    "do_not_call",
    metadata,
    Column("number", Text, primary_key=True),
    Column("reason", ForeignText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("call_id", Text),
    Column("user_id", KEY, ForeignKey("users.id")),
)
Index("ix_do_not_call_newest", do_not_call.c.at)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", ForeignText, nullable=False),
    Column("kind", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("says", ForeignText, nullable=False),
    Column("phrase", Text, nullable=False, server_default=""),
    Column("most", Integer, nullable=False),
    Column("per_minute", Integer, nullable=False),
    Column("exempt", ForeignText, nullable=False),
    Column("pauses", JSON, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    one_of("state", CampaignState),
)

# One for each call that is owed: `hotline.dialling.jobs`. Times are of the latest attempt.
call_jobs = Table(
    "call_jobs",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("source", Text, nullable=False),
    Column("subject", KEY),
    Column("about", ForeignText, nullable=False),
    Column("campaign_id", KEY, ForeignKey("campaigns.id")),
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("exempt", ForeignText, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("due_at", Moment),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("changed_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("held_by", Text),
    Column("renewed_at", Moment),
    Column("call_id", Text, unique=True),
    Column("called_at", Moment),
    Column("result", Text),
    UniqueConstraint("source", "subject", name="uq_call_jobs_source_subject"),
    UniqueConstraint("campaign_id", "number", name="uq_call_jobs_campaign_id_number"),
    one_of("state", JobState),
    CheckConstraint(
        "state IN ('due', 'given-up') OR (call_id IS NOT NULL AND claimed_at IS NOT NULL"
        " AND held_by IS NOT NULL AND renewed_at IS NOT NULL)",
        name="claimed",
    ),
    CheckConstraint("state NOT IN ('over', 'reached') OR result IS NOT NULL", name="result"),
)


def _index_where(name: str, *columns: Column[Any], unique: bool = False, where: str) -> None:
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


_JOB = call_jobs.c
# Whatever workers do at once: to one number there is one call.
_index_where(
    "uq_call_jobs_number_on_the_phone", _JOB.number, unique=True, where="state IN ('admitted', 'dialled')"
)
_index_where(
    "ix_call_jobs_due",
    *(_JOB.urgency, _JOB.due_at, _JOB.id),
    where="state = 'due' AND campaign_id IS NULL",
)
_index_where("ix_call_jobs_campaign_due", _JOB.campaign_id, _JOB.due_at, where="state = 'due'")
_index_where(
    "ix_call_jobs_under_way",
    _JOB.renewed_at,
    where="state IN ('claimed', 'admitted', 'dialled', 'over')",
)
_index_where(
    "ix_call_jobs_campaign_unended",
    *(_JOB.campaign_id, _JOB.state),
    where="state IN ('due', 'claimed', 'admitted', 'dialled', 'over')",
)
Index("ix_call_jobs_campaign_called", _JOB.campaign_id, _JOB.called_at)
Index("ix_call_jobs_about", _JOB.about, _JOB.source)

# Whom the machine has rung, for the budget of a person and day. No foreign key leads to `calls`: the attempt
# is written down before the call.
call_attempts = Table(
    "call_attempts",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("job_id", KEY, nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("dialled_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("result", Text),
)
Index("ix_call_attempts_number", call_attempts.c.number, call_attempts.c.dialled_at)
Index("ix_call_attempts_dialled", call_attempts.c.dialled_at)
