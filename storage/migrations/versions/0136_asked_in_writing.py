"""Appeals know the chat in which they were written, and surveys the one in which they are asked first."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0136"
down_revision = "0135"
branch_labels = None
depends_on = None

_MEDIUM = "medium IN ('web', 'telegram', 'sms', 'viber', 'whatsapp')"


def upgrade() -> None:
    op.create_table(
        "appeal_chats",
        sa.Column("appeal", sa.Text, nullable=False),
        sa.Column("chat_id", KEY, nullable=False),
        sa.Column("medium", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("only_in_writing", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.CheckConstraint(_MEDIUM, name=op.f("ck_appeal_chats_medium")),
        sa.ForeignKeyConstraint(["appeal"], ["appeals.number"], name=op.f("fk_appeal_chats_appeal_appeals")),
        sa.PrimaryKeyConstraint("appeal", name=op.f("pk_appeal_chats")),
    )
    op.create_index("ix_appeal_chats_address", "appeal_chats", ["medium", "address"])
    op.create_table(
        "survey_chats",
        sa.Column("survey_id", KEY, nullable=False, autoincrement=False),
        sa.Column("medium", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("chat_id", KEY),
        sa.Column("asked_at", Moment),
        sa.Column("called_from", Moment),
        sa.CheckConstraint(_MEDIUM, name=op.f("ck_survey_chats_medium")),
        sa.CheckConstraint("(chat_id IS NULL) = (asked_at IS NULL)", name=op.f("ck_survey_chats_asked")),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys.id"], name=op.f("fk_survey_chats_survey_id_surveys")
        ),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_survey_chats")),
    )
    op.create_index("ix_survey_chats_asked", "survey_chats", ["medium", "asked_at"])
