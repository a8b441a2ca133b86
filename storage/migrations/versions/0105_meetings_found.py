"""Words of meetings, by which the one search finds them; other forms come with a meeting's next change."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from hotline.city.search_terms import words
from storage.tables.columns import ForeignText

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meetings", sa.Column("lemmas", ForeignText, nullable=False, server_default=""))
    bind = op.get_bind()
    for row in bind.execute(sa.text("SELECT id, topic, place, host, agenda FROM meetings")).mappings().all():
        given: Any = row["agenda"]
        points = json.loads(given) if isinstance(given, str) else given
        said = [row["topic"], row["place"], row["host"], *(one["text"] for one in points)]
        found = " ".join(sorted(set(words(" ".join(said)))))
        bind.execute(
            sa.text("UPDATE meetings SET lemmas = :found WHERE id = :this"),
            {"found": found, "this": row["id"]},
        )
