"""The text of an appeal is `text`: as registered, as put right, and in what is told of it."""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_SAID = ("appeal_history", "notices")
_SQLITE = """
UPDATE {table} SET facts =
    json_remove(json_set(facts, '$.text', json_extract(facts, '$.summary')), '$.summary')
WHERE json_extract(facts, '$.summary') IS NOT NULL
"""
_POSTGRESQL = r"""
UPDATE {table} SET facts = (
    replace(facts::text, '\u0000', '\ufffd')::jsonb - 'summary'
    || jsonb_build_object('text', facts ->> 'summary')
)::json
WHERE facts -> 'summary' IS NOT NULL
"""


def upgrade() -> None:
    op.execute("ALTER TABLE appeals RENAME COLUMN summary TO text")
    rename = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for table in _SAID:
        op.execute(rename.format(table=table))
