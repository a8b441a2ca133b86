"""Observers: the body that they read for, and the right to residents' personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

_BODIES = "body IN ('mayor', 'council', 'committee', 'department')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE users ADD COLUMN body TEXT CONSTRAINT ck_users_body CHECK ({_BODIES})")
    else:
        op.add_column("users", sa.Column("body", sa.Text))
        op.create_check_constraint(op.f("ck_users_body"), "users", _BODIES)
    op.add_column("users", sa.Column("sees_people", sa.Boolean, nullable=False, server_default=sa.false()))
