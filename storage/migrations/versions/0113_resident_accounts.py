"""Accounts of residents: codes that confirm a contact, and the browsers in which it is open."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resident_codes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("contact", ForeignText, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("confirmed_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_codes")),
    )
    op.create_index(op.f("ix_resident_codes_asked_at"), "resident_codes", ["asked_at"])
    op.create_table(
        "resident_sessions",
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("contact", ForeignText, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_resident_sessions")),
    )
    op.create_index(op.f("ix_resident_sessions_contact"), "resident_sessions", ["contact"])
    op.create_index(op.f("ix_resident_sessions_expires_at"), "resident_sessions", ["expires_at"])
