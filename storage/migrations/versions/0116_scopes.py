"""Tokens have scopes; those that there are keep what they had."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None

_OBSERVER = ("appeals:read", "line", "outages:read", "city-data:read", "metrics")
_HAD = {
    "observer": _OBSERVER,
    "executor": ("appeals:read", "appeals:act", "outages:read", "outages:write", "power", "open311"),
    "dispatcher": (
        "appeals:read",
        "appeals:register",
        "appeals:act",
        "citizens",
        "calls",
        "line",
        "outages:read",
        "outages:write",
        "power",
        "open311",
    ),
    "head": (
        *_OBSERVER,
        "appeals:register",
        "appeals:act",
        "citizens",
        "calls",
        "recordings",
        "presence",
        "outages:write",
        "power",
        "city-data:write",
        "open311",
    ),
    "administrator": ("line", "city-data:read", "city-data:write", "metrics"),
}


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("scopes", sa.JSON, nullable=False, server_default="[]"))
    tokens = sa.table("api_tokens", sa.column("role", sa.Text), sa.column("scopes", sa.JSON))
    for role, scopes in _HAD.items():
        op.execute(tokens.update().where(tokens.c.role == role).values(scopes=sorted(scopes)))
