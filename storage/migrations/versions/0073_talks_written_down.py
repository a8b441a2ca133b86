"""Transcripts of talks beside those of messages, a row for each side; and all are found by their words.

The table gets another key and is made anew. `hotline reindex` gives the words of those that were there.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.tables.columns import KEY, Moment

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

_SECOND = {
    "sqlite": "CAST(strftime('%s', voice_messages.began_at) AS INTEGER)",
    "postgresql": "CAST(floor(extract(epoch FROM voice_messages.began_at)) AS BIGINT)",
}
_PUT_ASIDE = """
CREATE TEMPORARY TABLE transcripts_aside AS
SELECT {second} * 64 + row_number() OVER (PARTITION BY {second} ORDER BY voice_messages.id) - 1 AS id,
    transcripts.*
FROM transcripts JOIN voice_messages ON voice_messages.id = transcripts.sound
"""
_KEPT = "text, words, engine, model, language, made_at, corrected, corrected_by, corrected_at"
_BRING_BACK = f"""
INSERT INTO transcripts (id, message, speaker, {_KEPT})
SELECT id, sound, 'caller', {_KEPT} FROM transcripts_aside
"""  # noqa: S608 - names alone
# SQLite's full-text index over `transcripts`, kept by triggers as that of the appeals is.
_FTS = """
CREATE VIRTUAL TABLE transcript_lemmas USING fts5(
    lemmas, content='transcripts', content_rowid='id', detail=none, prefix='3 4 5 6 7 8', tokenize='ascii'
)
---
CREATE TRIGGER transcripts_added AFTER INSERT ON transcripts BEGIN
    INSERT INTO transcript_lemmas (rowid, lemmas) VALUES (new.id, new.lemmas);
END
---
CREATE TRIGGER transcripts_gone AFTER DELETE ON transcripts BEGIN
    INSERT INTO transcript_lemmas (transcript_lemmas, rowid, lemmas) VALUES ('delete', old.id, old.lemmas);
END
---
CREATE TRIGGER transcripts_changed AFTER UPDATE ON transcripts BEGIN
    INSERT INTO transcript_lemmas (transcript_lemmas, rowid, lemmas) VALUES ('delete', old.id, old.lemmas);
    INSERT INTO transcript_lemmas (rowid, lemmas) VALUES (new.id, new.lemmas);
END
"""


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.execute(_PUT_ASIDE.format(second=_SECOND[dialect]))
    op.drop_table("transcripts")
    _transcripts()
    op.create_index("ix_recordings_started_at", "recordings", ["started_at"])
    if dialect == "sqlite":
        for statement in _FTS.split("---"):
            op.execute(statement)
    else:
        op.create_index(
            "ix_transcripts_lemmas",
            "transcripts",
            ["lemmas"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
    # Behind the triggers: a row that SQLite's index has not seen cannot be changed in it later.
    op.execute(_BRING_BACK)
    op.execute("DROP TABLE transcripts_aside")


def _transcripts() -> None:
    op.create_table(
        "transcripts",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("recording", sa.Text),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("corrected", sa.Text),
        sa.Column("corrected_by", KEY),
        sa.Column("corrected_at", Moment),
        sa.Column("lemmas", sa.Text().with_variant(TSVECTOR, "postgresql")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcripts")),
        sa.UniqueConstraint("message", name=op.f("uq_transcripts_message")),
        sa.UniqueConstraint("recording", "speaker", name=op.f("uq_transcripts_recording_speaker")),
        sa.ForeignKeyConstraint(
            ["message"], ["voice_messages.id"], name=op.f("fk_transcripts_message"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recording"], ["recordings.id"], name=op.f("fk_transcripts_recording"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["corrected_by"], ["users.id"], name=op.f("fk_transcripts_corrected_by")),
        sa.CheckConstraint("(message IS NULL) <> (recording IS NULL)", name=op.f("ck_transcripts_sound")),
        sa.CheckConstraint(
            "(corrected IS NULL) = (corrected_by IS NULL) AND (corrected IS NULL) = (corrected_at IS NULL)",
            name=op.f("ck_transcripts_corrected"),
        ),
        sa.CheckConstraint(
            "speaker IN ('caller', 'dispatcher', 'both')", name=op.f("ck_transcripts_speaker")
        ),
    )
