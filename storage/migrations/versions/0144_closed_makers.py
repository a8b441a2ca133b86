"""Agreements whose key had ended with the account of who entered it end with their key.

Until 0140 a key was worth what its maker was. Its first version gave every key to its agreement, and so
brought keys of dismissed people back.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0144"
down_revision = "0143"
branch_labels = None
depends_on = None

_FIRST_RUN = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
"""No database had 0140 before: whoever was dismissed by then had no key any more when it ran."""
_WHY = "Обліковий запис того, хто вніс договір, закрито: його ключ відкликано."
_DEAD = """
SELECT agreed.id FROM neighbour_agreements AS agreed
JOIN api_tokens AS token ON token.id = agreed.token_id
JOIN users AS maker ON maker.id = token.user_id
WHERE agreed.ended_at IS NULL AND (
    NOT token.for_agreement
    OR (NOT maker.active AND :first_run > (
        SELECT max(at) FROM audit WHERE action = 'deactivate' AND subject = 'user:' || maker.id
    ))
)
"""
_REVOKE = f"""
UPDATE api_tokens SET revoked_at = :now WHERE revoked_at IS NULL
    AND id IN (SELECT token_id FROM neighbour_agreements WHERE id IN ({_DEAD}))
"""  # noqa: S608 - words of our own
_END = f"""
UPDATE neighbour_agreements SET ended_at = :now, ended_why = :why, secret = '', copy = ''
WHERE id IN ({_DEAD})
"""  # noqa: S608 - words of our own


def upgrade() -> None:
    now = sa.bindparam("now", datetime.now(UTC), type_=Moment)
    first_run = sa.bindparam("first_run", _FIRST_RUN, type_=Moment)
    connection = op.get_bind()
    connection.execute(sa.text(_REVOKE).bindparams(now, first_run))
    connection.execute(sa.text(_END).bindparams(now, first_run, why=_WHY))
    # A key of such an agreement is one also when it opens nothing: it is never widened nor renewed.
    op.execute(
        "UPDATE api_tokens SET for_agreement = true WHERE id IN"
        " (SELECT token_id FROM neighbour_agreements WHERE token_id IS NOT NULL)"
    )
