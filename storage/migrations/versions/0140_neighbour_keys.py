"""Keys of agreements with other cities, which outlive the account of who entered them."""

import sqlalchemy as sa
from alembic import op

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "api_tokens", sa.Column("for_agreement", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.execute(
        "UPDATE api_tokens SET for_agreement = true WHERE id IN"
        " (SELECT token_id FROM neighbour_agreements WHERE token_id IS NOT NULL)"
    )
