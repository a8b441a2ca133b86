"""Tables of the office: plans of files by year, files, entries of journals on paper, acts."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from hotline.office.acts import ActKind
from hotline.office.file_states import ActState, FileState, PlanState
from hotline.office.files import Keeping
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

office_plans = Table(
    "office_plans",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("approver", ForeignText, nullable=False),
    Column("number", ForeignText, nullable=False),
    Column("dated", Date),
    Column("version", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", KEY, ForeignKey("users.id"), nullable=False),
    one_of("state", PlanState),
    CheckConstraint("(state = 'approved') = (dated IS NOT NULL)", name="approved"),
)

# What an act names stays as it was written; the file follows it when it is carried out.
office_acts = Table(
    "office_acts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("number", ForeignText, nullable=False),
    Column("commission", JSON, nullable=False),
    Column("approved_on", Date),
    Column("signer", ForeignText, nullable=False),
    Column("signed_on", Date),
    Column("files", JSON, nullable=False),
    Column("erased", JSON, nullable=False),
    Column("erased_until", Moment, nullable=False),
    Column("digest", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("done_at", Moment),
    Column("version", Integer, nullable=False),
    one_of("kind", ActKind),
    one_of("state", ActState),
    CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
    CheckConstraint("state NOT IN ('signed', 'done') OR signed_on IS NOT NULL", name="signed"),
)

office_files = Table(
    "office_files",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("year", Integer, ForeignKey("office_plans.year"), nullable=False),
    Column("index", ForeignText, nullable=False),
    Column("title", ForeignText, nullable=False),
    Column("keeping", Text, nullable=False),
    Column("years", Integer),
    Column("article", ForeignText, nullable=False),
    Column("journal", Text),
    Column("notes", ForeignText, nullable=False),
    Column("state", Text, nullable=False),
    Column("volumes", Integer, nullable=False),
    Column("held", ForeignText, nullable=False),
    Column("closed_on", Date),
    Column("act_id", KEY, ForeignKey("office_acts.id")),
    Column("version", Integer, nullable=False),
    UniqueConstraint("year", "index", name="uq_office_files_year_index"),
    one_of("keeping", Keeping),
    one_of("state", FileState),
    CheckConstraint("(keeping = 'years') = (years IS NOT NULL)", name="years"),
    CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed"),
    CheckConstraint("state NOT IN ('archived', 'destroyed') OR act_id IS NOT NULL", name="gone"),
)

office_entries = Table(
    "office_entries",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("file_id", KEY, ForeignKey("office_files.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("dated", Date, nullable=False),
    Column("correspondent", ForeignText, nullable=False),
    Column("about", ForeignText, nullable=False),
    Column("note", ForeignText, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("struck", ForeignText, nullable=False),
    UniqueConstraint("file_id", "number", name="uq_office_entries_file_id_number"),
)
