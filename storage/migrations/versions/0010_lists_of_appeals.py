"""Lists of appeals: registration indices, what the filters compare, kept filters; houses and imports."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FILTERS = ("state", "category", "urgency", "kind", "sign")


def upgrade() -> None:
    with op.batch_alter_table("appeals") as appeals:
        appeals.add_column(sa.Column("registration_index", sa.Text(), nullable=False, server_default=""))
    _terms()
    _indexes()
    op.create_table(
        "appeal_series",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "series", name="pk_appeal_series"),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_saved_views_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.UniqueConstraint("user_id", "name", name="uq_saved_views_user_id_name"),
    )
    op.create_table(
        "houses",
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("house", sa.Text(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("street", "house", name="pk_houses"),
    )
    _imports()


def _terms() -> None:
    """Appeals older than terms to the minute get the end of their last day, which lists are sorted by."""
    end = "datetime(due_on, '+1 day')" if op.get_bind().dialect.name == "sqlite" else "due_on + 1"
    op.execute(sa.text(f"UPDATE appeals SET due_at = {end} WHERE due_at IS NULL"))  # noqa: S608


def _indexes() -> None:
    op.create_index("ix_appeals_registration_index", "appeals", ["registration_index"])
    op.create_index("ix_appeals_newest", "appeals", ["registered_at", "number"])
    op.create_index("ix_appeals_term", "appeals", ["due_at", "number"])
    op.create_index("ix_appeals_state_term", "appeals", ["state", "due_at", "number"])
    op.create_index("ix_appeals_registrar", "appeals", ["registered_by", "registered_at", "number"])
    for name in FILTERS:
        op.create_index(f"ix_appeals_{name}", "appeals", [name, "registered_at", "number"])
    if op.get_bind().dialect.name == "postgresql":  # the order of SQLite, in which beginnings lie together
        op.execute('ALTER TABLE appeals ALTER COLUMN address_key TYPE text COLLATE "C"')
    op.create_index("ix_appeals_address", "appeals", ["address_key", "registered_at", "number"])


def _imports() -> None:
    counts = ("rows", "done", "added", "known", "refused")
    op.create_table(
        "imports",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_imports_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
