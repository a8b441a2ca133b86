"""Keys of agreements with other cities, which outlive the account of who entered them."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None

_KEPT = """
UPDATE api_tokens SET for_agreement = true
WHERE id IN (SELECT token_id FROM neighbour_agreements WHERE token_id IS NOT NULL)
    AND user_id IN (
        SELECT id FROM users WHERE active AND (role = 'head' OR id IN (
            SELECT user_id FROM acting_heads WHERE since <= :now AND until > :now AND ended_at IS NULL
        ))
    )
"""
"""A key that ended with its maker's rights comes alive by no upgrade: 0144 ends its agreement."""


def upgrade() -> None:
    op.add_column(
        "api_tokens", sa.Column("for_agreement", sa.Boolean, nullable=False, server_default=sa.false())
    )
    now = sa.bindparam("now", datetime.now(UTC), type_=Moment)
    op.get_bind().execute(sa.text(_KEPT).bindparams(now))
