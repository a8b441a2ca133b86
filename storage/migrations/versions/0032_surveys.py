"""Applicants are asked by automatic calls whether it was done: forms, who is to be asked, calls, answers."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_forms",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", KEY, nullable=True),
        sa.Column("note", ForeignText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_forms"),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_survey_forms_made_by"),
        sa.UniqueConstraint("key", "version", name="uq_survey_forms_key_version"),
    )
    op.create_table(
        "surveys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("number", ForeignText(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owed_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("form_id", KEY, nullable=True),
        sa.Column("tried_by", KEY, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("executor_id", KEY, nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
        sa.ForeignKeyConstraint(["form_id"], ["survey_forms.id"], name="fk_surveys_form_id"),
        sa.ForeignKeyConstraint(["tried_by"], ["users.id"], name="fk_surveys_tried_by"),
        sa.ForeignKeyConstraint(["executor_id"], ["executors.id"], name="fk_surveys_executor_id"),
        sa.UniqueConstraint("appeal", "round", name="uq_surveys_appeal_round"),
    )
    op.create_index("ix_surveys_due", "surveys", ["state", "due_at", "id"])
    op.create_index("ix_surveys_owed", "surveys", ["owed_at", "id"])
    op.create_table(
        "survey_calls",
        sa.Column("id", KEY, nullable=False),
        sa.Column("survey_id", KEY, nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_calls"),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name="fk_survey_calls_survey_id"),
        sa.UniqueConstraint("call_id", name="uq_survey_calls_call_id"),
    )
    op.create_index("ix_survey_calls_survey_id", "survey_calls", ["survey_id"])
    op.create_table(
        "survey_answers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("survey_id", KEY, nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("question", ForeignText(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("said", ForeignText(), nullable=False),
        sa.Column("means", sa.Text(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_answers"),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name="fk_survey_answers_survey_id"),
    )
    op.create_index("ix_survey_answers_survey_id", "survey_answers", ["survey_id"])
