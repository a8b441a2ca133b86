"""The office: plans of files by year, files, entries of journals on paper, acts by which files go."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_plans",
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("approver", ForeignText, nullable=False),
        sa.Column("number", ForeignText, nullable=False),
        sa.Column("dated", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("changed_by", KEY, nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_office_plans_changed_by_users")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_office_plans")),
        sa.CheckConstraint("state IN ('draft', 'approved')", name=op.f("ck_office_plans_state")),
        sa.CheckConstraint(
            "(state = 'approved') = (dated IS NOT NULL)", name=op.f("ck_office_plans_approved")
        ),
    )
    op.create_table(
        "office_acts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("number", ForeignText, nullable=False),
        sa.Column("commission", sa.JSON, nullable=False),
        sa.Column("approved_on", sa.Date),
        sa.Column("signer", ForeignText, nullable=False),
        sa.Column("signed_on", sa.Date),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("erased", sa.JSON, nullable=False),
        sa.Column("erased_until", Moment, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("made_by", KEY, nullable=False),
        sa.Column("done_at", Moment),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_office_acts_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_acts")),
        sa.CheckConstraint("kind IN ('destroy', 'archive')", name=op.f("ck_office_acts_kind")),
        sa.CheckConstraint(
            "state IN ('draft', 'approved', 'signed', 'done', 'given-up')", name=op.f("ck_office_acts_state")
        ),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_office_acts_done")),
        sa.CheckConstraint(
            "state NOT IN ('signed', 'done') OR signed_on IS NOT NULL", name=op.f("ck_office_acts_signed")
        ),
    )
    op.create_table(
        "office_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("index", ForeignText, nullable=False),
        sa.Column("title", ForeignText, nullable=False),
        sa.Column("keeping", sa.Text, nullable=False),
        sa.Column("years", sa.Integer),
        sa.Column("article", ForeignText, nullable=False),
        sa.Column("journal", sa.Text),
        sa.Column("notes", ForeignText, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("volumes", sa.Integer, nullable=False),
        sa.Column("held", ForeignText, nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("act_id", KEY),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["year"], ["office_plans.year"], name=op.f("fk_office_files_year_office_plans")
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["office_acts.id"], name=op.f("fk_office_files_act_id_office_acts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_files")),
        sa.UniqueConstraint("year", "index", name=op.f("uq_office_files_year_index")),
        sa.CheckConstraint(
            "keeping IN ('years', 'permanent', 'needed')", name=op.f("ck_office_files_keeping")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'archived', 'destroyed')", name=op.f("ck_office_files_state")
        ),
        sa.CheckConstraint("(keeping = 'years') = (years IS NOT NULL)", name=op.f("ck_office_files_years")),
        sa.CheckConstraint("(state = 'open') = (closed_on IS NULL)", name=op.f("ck_office_files_closed")),
        sa.CheckConstraint(
            "state NOT IN ('archived', 'destroyed') OR act_id IS NOT NULL", name=op.f("ck_office_files_gone")
        ),
    )
    op.create_table(
        "office_entries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("dated", sa.Date, nullable=False),
        sa.Column("correspondent", ForeignText, nullable=False),
        sa.Column("about", ForeignText, nullable=False),
        sa.Column("note", ForeignText, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("struck", ForeignText, nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["office_files.id"], name=op.f("fk_office_entries_file_id_office_files")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_office_entries_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_entries")),
        sa.UniqueConstraint("file_id", "number", name=op.f("uq_office_entries_file_id_number")),
    )
