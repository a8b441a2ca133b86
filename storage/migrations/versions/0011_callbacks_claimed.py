"""Callbacks that are claimed, made by us, of hidden numbers; last sign-ins; the audit log's filters."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LAST_SIGN_IN = """
UPDATE users SET signed_in_at = (
    SELECT max(audit.at) FROM audit WHERE audit.user_id = users.id AND audit.action = 'sign-in'
)
"""


def upgrade() -> None:
    with op.batch_alter_table("callbacks") as callbacks:
        callbacks.alter_column("number", existing_type=sa.Text(), nullable=True)
        callbacks.add_column(sa.Column("made_call_id", sa.Text(), nullable=True))
    op.create_index("ix_callbacks_call_id", "callbacks", ["call_id"], unique=False)
    op.create_table(
        "callback_claims",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_callback_claims_user_id"),
        sa.PrimaryKeyConstraint("number", name="pk_callback_claims"),
    )
    op.drop_index("ix_audit_user_id", "audit")
    op.create_index("ix_audit_of_user", "audit", ["user_id", "at"], unique=False)
    op.create_index("ix_audit_of_action", "audit", ["action", "at"], unique=False)
    op.add_column("users", sa.Column("signed_in_at", MOMENT, nullable=True))
    op.execute(LAST_SIGN_IN)
