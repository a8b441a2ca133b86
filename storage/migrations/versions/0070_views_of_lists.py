"""Kept filters are those of one list; all that are kept so far are of the list of appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_ONCE = "uq_saved_views_user_id_list_name"


def upgrade() -> None:
    with op.batch_alter_table("saved_views") as views:
        views.add_column(sa.Column("list", sa.Text(), nullable=False, server_default="appeals"))
        views.drop_constraint("uq_saved_views_user_id_name", type_="unique")
        views.create_unique_constraint(_ONCE, ["user_id", "list", "name"])
