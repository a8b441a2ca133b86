"""Tables of what people report to be off, and of the alerts that many reports raise."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    false,
    text,
)

from hotline.outages.alert_states import AlertState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

# One of a utility is open at a time: two processes that count the same reports raise one alert.
outage_alerts = Table(
    "outage_alerts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("utility", Text, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", Moment, nullable=False, index=True),
    Column("grew_at", Moment, nullable=False),
    Column("voices", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("outage_id", KEY, ForeignKey("outages.id")),
    Column("decided_at", Moment),
    Column("decided_by", KEY, ForeignKey("users.id")),
    Column("reason", ForeignText, nullable=False, server_default=""),
    one_of("state", AlertState),
    CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
    CheckConstraint("(state IN ('accepted', 'belongs', 'covered')) = (outage_id IS NOT NULL)", name="outage"),
)
Index(
    "uq_outage_alerts_open",
    outage_alerts.c.utility,
    unique=True,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)

# Utilities that calls and appeals report to be off, with the links to an outage.
outage_reports = Table(
    "outage_reports",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("utility", Text, nullable=False),
    Column("street", ForeignText, nullable=False),
    Column("house", ForeignText, nullable=False),
    Column("quarter", ForeignText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("number", ForeignText),
    Column("applicant_id", KEY, ForeignKey("citizens.id")),
    Column("call_id", Text),
    Column("appeal", Text, unique=True),
    Column("alert_id", KEY, ForeignKey("outage_alerts.id"), index=True),
    Column("outage_id", KEY, ForeignKey("outages.id"), index=True),
    Column("apart", Boolean, nullable=False, server_default=false()),
)
_BY_CALL = text("appeal IS NULL")
Index(
    "uq_outage_reports_call",
    outage_reports.c.call_id,
    outage_reports.c.utility,
    unique=True,
    sqlite_where=_BY_CALL,
    postgresql_where=_BY_CALL,
)
_UNDECIDED = text("outage_id IS NULL")
Index(
    "ix_outage_reports_undecided",
    outage_reports.c.at,
    sqlite_where=_UNDECIDED,
    postgresql_where=_UNDECIDED,
)
