"""Registration while talking: what an appeal says, streets and their old names, people by name."""

import sqlalchemy as sa
from alembic import op

from hotline.city.searching import words

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
AT_ONCE = 1000


def upgrade() -> None:
    _appeals()
    op.create_table(
        "appeal_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_appeal_counters"),
    )
    op.create_table(
        "consultations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_consultations_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consultations"),
    )
    op.create_index("ix_consultations_call_id", "consultations", ["call_id"], unique=False)
    op.create_table(
        "street_names",
        sa.Column("normalised", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("normalised", name="pk_street_names"),
    )
    op.create_index("ix_street_names_street", "street_names", ["street"], unique=False)
    op.create_table(
        "appeal_forms",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_appeal_forms_user_id"),
        sa.PrimaryKeyConstraint("user_id", "call_id", name="pk_appeal_forms"),
    )
    _people()


def _appeals() -> None:
    def text(name: str, default: str) -> "sa.Column[str]":
        return sa.Column(name, sa.Text(), nullable=False, server_default=default)

    with op.batch_alter_table("appeals") as appeals:
        appeals.add_column(sa.Column("due_at", MOMENT, nullable=True))
        appeals.add_column(text("kind", "application"))
        appeals.add_column(text("category", ""))
        appeals.add_column(sa.Column("classifier", sa.Integer(), nullable=False, server_default="1"))
        appeals.add_column(text("address", ""))
        appeals.add_column(text("address_key", ""))
        appeals.add_column(sa.Column("applicant_id", KEY, nullable=True))
        appeals.add_column(text("urgency", "ordinary"))
        appeals.add_column(sa.Column("consent", sa.Boolean(), nullable=False, server_default=sa.false()))
        appeals.add_column(text("sign", "first"))
        appeals.add_column(sa.Column("earlier", sa.Text(), nullable=True))
        appeals.add_column(sa.Column("call_id", sa.Text(), nullable=True))
        appeals.add_column(sa.Column("registered_by", KEY, nullable=True))
        appeals.add_column(sa.Column("form", sa.Text(), nullable=True))
        appeals.create_foreign_key("fk_appeals_applicant_id", "citizens", ["applicant_id"], ["id"])
        appeals.create_foreign_key("fk_appeals_registered_by", "users", ["registered_by"], ["id"])
        appeals.create_unique_constraint("uq_appeals_form", ["form"])
    op.create_index("ix_appeals_applicant_id", "appeals", ["applicant_id"], unique=False)
    op.create_index("ix_appeals_call_id", "appeals", ["call_id"], unique=False)
    op.create_index("ix_appeals_alike", "appeals", ["category", "address_key", "registered_at"], unique=False)


def _people() -> None:
    table = op.create_table(
        "citizen_words",
        sa.Column("word", WORD, nullable=False),
        sa.Column("citizen_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_citizen_words_citizen_id"),
        sa.PrimaryKeyConstraint("word", "citizen_id", name="pk_citizen_words"),
    )
    op.create_index("ix_citizen_words_citizen_id", "citizen_words", ["citizen_id"], unique=False)
    known = op.get_bind().execute(sa.text("SELECT id, name FROM citizens")).all()
    rows = [{"word": word, "citizen_id": row.id} for row in known for word in words(row.name)]
    for start in range(0, len(rows), AT_ONCE):
        op.bulk_insert(table, rows[start : start + AT_ONCE])
