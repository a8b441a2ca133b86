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

_MENDED = datetime(2026, 12, 1, 19, 16, 23, tzinfo=UTC)
"""Since then 0140 gives no key of a dismissed person to its agreement. Whoever was dismissed before, or
nobody knows when (`hotline user close` writes down none), may have had no key any more when it ran.
"""
_WHY = "Обліковий запис того, хто вніс договір, закрито: його ключ відкликано."
_DEAD = """
SELECT agreed.id FROM neighbour_agreements AS agreed
JOIN api_tokens AS token ON token.id = agreed.token_id
JOIN users AS maker ON maker.id = token.user_id
WHERE agreed.ended_at IS NULL AND (
    (NOT token.for_agreement AND NOT (maker.active AND (maker.role = 'head' OR maker.id IN (
        SELECT user_id FROM acting_heads WHERE since <= :now AND until > :now AND ended_at IS NULL
    ))))
    OR (NOT maker.active AND NOT EXISTS (
        SELECT 1 FROM audit
        WHERE action = 'deactivate' AND subject = 'user:' || maker.id AND at >= :mended
    ))
)
"""
"""A head's key that is not the agreement's yet was made by the program of before, while this one migrated."""
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
    mended = sa.bindparam("mended", _MENDED, type_=Moment)
    connection = op.get_bind()
    connection.execute(sa.text(_REVOKE).bindparams(now, mended))
    connection.execute(sa.text(_END).bindparams(now, mended, why=_WHY))
    # A key of such an agreement is one also when it opens nothing: it is never widened nor renewed.
    op.execute(
        "UPDATE api_tokens SET for_agreement = true WHERE id IN"
        " (SELECT token_id FROM neighbour_agreements WHERE token_id IS NOT NULL)"
    )
