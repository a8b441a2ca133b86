"""A dispatcher's state is their `presence`, and what follows a talk is their wrap-up."""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE dispatchers RENAME COLUMN duty TO presence")
    op.execute("ALTER TABLE dispatchers RENAME COLUMN rest_until TO wrap_up_until")
    op.execute("ALTER TABLE presence_history RENAME COLUMN duty TO presence")
