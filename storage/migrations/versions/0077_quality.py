"""Assessments of talks, training records, and the score form among a city's documents."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

_KIND = "ck_city_documents_kind"
_KINDS, _MORE = "'classifier', 'benefits', 'paperwork', 'days-off', 'pauses'", "'score-form'"
_STATES = "'to-assess', 'assessed', 'disputed', 'decided', 'skipped'"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _one_more_kind_on_sqlite(op.get_bind())
    else:
        op.drop_constraint(op.f(_KIND), "city_documents", type_="check")
        op.create_check_constraint(op.f(_KIND), "city_documents", f"kind IN ({_KINDS}, {_MORE})")
    _assessments()
    _comments()
    _acts()
    op.create_table(
        "quality_weeks",
        sa.Column("monday", sa.Date, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("drawn_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("monday", name=op.f("pk_quality_weeks")),
    )
    _coaching()


def _one_more_kind_on_sqlite(connection: sa.Connection) -> None:
    """Write it into the schema itself, as 0052 did: SQLite changes no check of a table that there is."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    made = sa.text(
        "UPDATE sqlite_master SET sql = replace(sql, :before, :after)"
        " WHERE type = 'table' AND name = 'city_documents'"
    )
    connection.execute(made, {"before": f"({_KINDS})", "after": f"({_KINDS}, {_MORE})"})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recording_id", sa.Text),
        sa.Column("call_id", sa.Text),
        sa.Column("dispatcher_id", KEY, nullable=False),
        sa.Column("talk_at", Moment, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("signs", sa.JSON, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("queued_at", Moment, nullable=False),
        sa.Column("form_version", sa.Integer),
        sa.Column("claimed_by", KEY),
        sa.Column("claimed_until", Moment),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("unconfirmed", sa.JSON, nullable=False),
        sa.Column("conclusion", ForeignText, nullable=False),
        sa.Column("percent", sa.Integer),
        sa.Column("passed", sa.Boolean),
        sa.Column("assessed_by", KEY),
        sa.Column("assessed_at", Moment),
        sa.Column("read_at", Moment),
        sa.Column("dispute", ForeignText, nullable=False),
        sa.Column("disputed_at", Moment),
        sa.Column("decision", ForeignText, nullable=False),
        sa.Column("decided_by", KEY),
        sa.Column("decided_at", Moment),
        sa.Column("first_percent", sa.Integer),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_assessments_recording_id")),
        *_references("assessments", dispatcher_id="dispatchers"),
        *_references("assessments", claimed_by="users", assessed_by="users", decided_by="users"),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_assessments_state")),
        sa.CheckConstraint(
            "(claimed_by IS NULL) = (claimed_until IS NULL)", name=op.f("ck_assessments_claim")
        ),
        sa.CheckConstraint(
            "(state IN ('assessed', 'disputed', 'decided')) = (percent IS NOT NULL)"
            " AND (percent IS NULL) = (passed IS NULL)",
            name=op.f("ck_assessments_scored"),
        ),
        sa.CheckConstraint(
            "(state IN ('disputed', 'decided')) = (disputed_at IS NOT NULL)",
            name=op.f("ck_assessments_disputed"),
        ),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_at IS NOT NULL)", name=op.f("ck_assessments_decided")
        ),
    )
    op.create_index(op.f("ix_assessments_call_id"), "assessments", ["call_id"])
    op.create_index("ix_assessments_state", "assessments", ["state", "talk_at"])
    op.create_index("ix_assessments_of_dispatcher", "assessments", ["dispatcher_id", "talk_at"])
    op.create_index("ix_assessments_talk_at", "assessments", ["talk_at"])


def _comments() -> None:
    op.create_table(
        "assessment_comments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("assessment_id", KEY, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("moment", sa.Float),
        sa.Column("text", ForeignText, nullable=False),
        sa.Column("quotes", sa.Boolean, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_comments")),
        *_references("assessment_comments", assessment_id="assessments", user_id="users"),
    )
    for column in ("assessment_id", "call_id"):
        op.create_index(op.f(f"ix_assessment_comments_{column}"), "assessment_comments", [column])


def _acts() -> None:
    op.create_table(
        "assessment_acts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("assessment_id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("user_id", KEY),
        sa.Column("percent", sa.Integer),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_acts")),
        *_references("assessment_acts", assessment_id="assessments", user_id="users"),
    )
    op.create_index(op.f("ix_assessment_acts_assessment_id"), "assessment_acts", ["assessment_id"])


def _coaching() -> None:
    op.create_table(
        "coaching_notes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("dispatcher_id", KEY, nullable=False),
        sa.Column("assessment_id", KEY),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("agreed", ForeignText, nullable=False),
        sa.Column("review_on", sa.Date),
        sa.Column("reviewed_at", Moment),
        sa.Column("reviewed_by", KEY),
        sa.Column("outcome", ForeignText, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_notes")),
        *_references("coaching_notes", dispatcher_id="dispatchers", assessment_id="assessments"),
        *_references("coaching_notes", user_id="users", reviewed_by="users"),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)", name=op.f("ck_coaching_notes_reviewed")
        ),
    )
    op.create_index(op.f("ix_coaching_notes_dispatcher_id"), "coaching_notes", ["dispatcher_id"])
    op.create_index("ix_coaching_notes_review_on", "coaching_notes", ["review_on"])


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, of in columns.items()
    ]
