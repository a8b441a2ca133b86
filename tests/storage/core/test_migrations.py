import asyncio
from datetime import timedelta

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, inspect, select, text

from hotline.access.permissions import Role
from hotline.access.scopes import Scope, scopes_of
from storage.access.saved_views import StoredViews
from storage.access.tokens import StoredTokens
from storage.city.lemmas import UkrainianLemmas
from storage.core.database import open_database
from storage.migrations import migrate
from storage.speech.transcripts import StoredTranscripts
from storage.tables import FTS, SPOKEN_FTS, WRITTEN, appeal_history, calls, metadata, notices, surveys
from tests.storage.conftest import NOON

AT = f"{NOON:%Y-%m-%d %H:%M:%S}+00:00"


def _differences(connection: Connection) -> list[object]:
    def described(_one: object, name: str | None, *_more: object) -> bool:
        """What the two databases search by is different, and no table to SQLAlchemy in SQLite."""
        ours = (FTS, SPOKEN_FTS, WRITTEN, "ix_appeal_texts_lemmas", "ix_transcripts_lemmas")
        only_there = () if connection.dialect.name == "postgresql" else ("ix_appeals_owed",)
        return name is None or not name.startswith((*ours, *only_there))

    options = {"include_object": described}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_the_migrated_schema_is_the_one_the_tables_describe(bare_url: str) -> None:
    await migrate(bare_url)
    async with open_database(bare_url) as database, database.reading() as connection:
        assert await connection.run_sync(_differences) == []


async def test_migrating_twice_changes_nothing(bare_url: str) -> None:
    await migrate(bare_url)
    await migrate(bare_url)


async def test_two_processes_may_migrate_at_once(bare_url: str) -> None:
    await asyncio.gather(migrate(bare_url), migrate(bare_url))


async def test_what_was_put_right_of_an_appeal_is_read_under_its_new_name(bare_url: str) -> None:
    await migrate(bare_url, "0048")
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            for before in _BEFORE_0049:
                await connection.execute(text(before))
        await migrate(bare_url)
        async with database.reading() as connection:
            told = (await connection.execute(text("SELECT text FROM appeals"))).scalar()
            facts = (await connection.execute(select(appeal_history.c.facts))).scalar()
    assert told == "Немає світла"
    assert facts == {"text": "Немає світла", "kind": "report"}


_BEFORE_0049 = (
    """
    INSERT INTO appeals (number, summary, state, registered_at, due_on)
    VALUES ('2600001', 'Немає світла', 'registered', '2026-03-02 12:00:00+00:00', '2026-03-17')
    """,
    """
    INSERT INTO appeal_history (number, version, at, act, part, state_after, said, hidden, facts)
    VALUES ('2600001', 2, '2026-03-02 12:00:00+00:00', 'amend', 'dispatcher', 'registered', '', true,
            '{"summary"\\: "Немає світла", "kind"\\: "report"}')
    """,
)


async def test_people_see_to_the_calls_that_were_owed_before_they_had_a_table(bare_url: str) -> None:
    await migrate(bare_url, "0050")
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            for before in _BEFORE_0051:
                await connection.execute(text(before.format(noon=AT)))
        await migrate(bare_url)
        async with database.reading() as connection:
            asked = select(surveys.c.number, surveys.c.outcome, surveys.c.ended_at).order_by(surveys.c.id)
            ended = [tuple(row) for row in await connection.execute(asked)]
            told = (await connection.execute(select(notices.c.state).order_by(notices.c.id))).scalars().all()
    assert ended == [("1", "not-called", NOON), ("2", "confirmed", NOON)]
    assert told == ["failed", "owed"]


_BEFORE_0051 = (
    """
    INSERT INTO surveys (number, language, state, owed_at, due_at, changed_at, attempts, outcome, category)
    VALUES ('1', 'uk', 'owed', '{noon}', '{noon}', '{noon}', 1, 'busy', ''),
           ('2', 'uk', 'ended', '{noon}', '{noon}', '{noon}', 1, 'confirmed', '')
    """,
    """
    INSERT INTO notices (number, recipient, channel, state, tries, owed_at, due_at, changed_at,
                         address, about, facts, provider_id, fault)
    VALUES ('1', 'contact:1', 'call', 'claimed', 1, '{noon}', '{noon}', '{noon}', '', '', '{{}}', '', ''),
           ('1', 'contact:1', 'sms', 'owed', 0, '{noon}', '{noon}', '{noon}', '', '', '{{}}', '', '')
    """,
)


async def test_what_was_left_without_what_belongs_to_its_state_is_put_right(bare_url: str) -> None:
    await migrate(bare_url, "0051")
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            for before in _BEFORE_0052:
                await connection.execute(text(before))
        await migrate(bare_url)
        async with database.reading() as connection:
            entries = (
                await connection.execute(text("SELECT state, left_at IS NULL FROM queue_entries"))
            ).all()
            over = (await connection.execute(text("SELECT wrap_up_until = since FROM dispatchers"))).scalar()
    assert sorted((state, bool(stands)) for state, stands in entries) == [("left", False), ("talking", True)]
    assert over


_BEFORE_0052 = (
    """
    INSERT INTO dispatchers (id, extension, name, secret, presence, reason, since, misses)
    VALUES (1, '201', 'Оля', 's', 'after-call', '', '2026-03-02 12:00:00+00:00', 0)
    """,
    """
    INSERT INTO places (call_id, priority, entered_at, state, dispatcher_id, offers, left_at)
    VALUES ('c1', 0, '2026-03-02 12:00:00+00:00', 'left', 1, 1, NULL),
           ('c2', 0, '2026-03-02 12:00:00+00:00', 'talking', 1, 1, '2026-03-02 12:00:00+00:00')
    """,
)


async def test_transcripts_from_before_talks_were_written_down_stay_and_are_found(bare_url: str) -> None:
    await migrate(bare_url, "0072")
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            for before in _BEFORE_0073:
                await connection.execute(text(before.format(noon=AT)))
        await migrate(bare_url)
        stored = StoredTranscripts(database, UkrainianLemmas())
        kept = await stored.of(["m1", "m2"])
        assert {one.sound: one.text for one in kept.values()} == {"m1": "немає води", "m2": "темно"}
        assert [word.text for word in kept["m1"].words] == ["немає", "води"]
        assert await stored.index() == 2
        _, found = await stored.find("вода", 9)
    assert [(one.transcript.sound, one.call_id, one.began_at) for one in found] == [("m1", "c1", NOON)]


_BEFORE_0073 = (
    """
    INSERT INTO voice_messages (id, call_id, file, began_at, seconds)
    VALUES ('m1', 'c1', 'm1.wav', '{noon}', 4), ('m2', 'c1', 'm2.wav', '{noon}', 4)
    """,
    """
    INSERT INTO transcripts (sound, text, words, engine, model, language, made_at)
    VALUES ('m2', 'темно', '[{{"text"\\: "темно", "begins"\\: 0, "ends"\\: 1, "confidence"\\: 0.9}}]',
            'vosk', 'tiny', 'uk', '{noon}'),
           ('m1', 'немає води', '[{{"text"\\: "немає", "begins"\\: 0, "ends"\\: 1, "confidence"\\: 0.9}},
            {{"text"\\: "води", "begins"\\: 1, "ends"\\: 2, "confidence"\\: 0.9}}]',
            'vosk', 'tiny', 'uk', '{noon}')
    """,
)


def _checks(connection: Connection) -> set[tuple[str, str | None]]:
    """The checks that the database keeps, with their tables."""
    kept = inspect(connection).get_check_constraints
    return {(table, one["name"]) for table in metadata.tables for one in kept(table)}


async def test_the_database_keeps_the_checks_that_the_tables_describe(bare_url: str) -> None:
    await migrate(bare_url)
    async with open_database(bare_url) as database, database.reading() as connection:
        kept = await connection.run_sync(_checks)
    described = {
        (table.name, str(one.name))
        for table in metadata.tables.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    assert kept == described


async def test_past_calls_know_when_their_caller_joined_the_line_and_was_spoken_with(bare_url: str) -> None:
    await migrate(bare_url, "0062")
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            for before in _BEFORE_0063:
                await connection.execute(text(before))
        await migrate(bare_url)
        async with database.reading() as connection:
            query = select(calls.c.id, calls.c.joined_at, calls.c.talked_at).order_by(calls.c.id)
            told = [tuple(row) for row in (await connection.execute(query)).all()]
    assert told == [("c1", NOON, NOON + timedelta(minutes=2)), ("c2", None, None)]


_CALL = """
    INSERT INTO calls (id, shown, arrived_at, language, recording_refused)
    VALUES ('{id}', '', '2026-03-02 11:00:00.000000', 'uk', false)
"""
_STEP = """
    INSERT INTO journey_steps (call_id, number, at, step, detail)
    VALUES ('c1', {number}, '2026-03-02 12:0{minute}:00.000000', '{step}', '{detail}')
"""
_BEFORE_0063 = (
    _CALL.format(id="c1"),
    _CALL.format(id="c2"),
    *(
        _STEP.format(number=number, minute=minute, step=step, detail=detail).replace(":0", r"\:0")
        for number, minute, step, detail in (
            (1, 0, "joined-line", "{}"),
            (2, 1, "talk-started", '{"contact"\\: "out-1"}'),
            (3, 2, "talk-started", '{"dispatcher"\\: 1}'),
            (4, 3, "fell-back", "{}"),
        )
    ),
)


async def test_filters_that_were_kept_before_lists_had_names_are_those_of_appeals(bare_url: str) -> None:
    await migrate(bare_url, "0069")
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            for before in _BEFORE_0070:
                await connection.execute(text(before.format(noon=AT)))
        await migrate(bare_url)
        views = StoredViews(database)
        (kept,) = await views.of(1, "appeals")
        again = await views.save(
            user_id=1, of_list="appeals", name="Мої", query="by=2", shared=False, at=NOON
        )
        assert await views.of(1, "calls") == []
    assert (kept.id, kept.name, kept.query, kept.shared) == (7, "Мої", "by=1", True)
    assert again.id == kept.id, "the same name takes its place"


_BEFORE_0070 = (
    """
    INSERT INTO users (id, login, name, role, password_hash, active, demo)
    VALUES (1, 'olena', 'Олена', 'dispatcher', 'x', true, false)
    """,
    """
    INSERT INTO saved_views (id, user_id, name, query, shared, saved_at)
    VALUES (7, 1, 'Мої', 'by=1', true, '{noon}')
    """,
)


async def test_tokens_keep_what_they_had_before_they_had_scopes(bare_url: str) -> None:
    await migrate(bare_url, "0115")
    async with open_database(bare_url) as database:
        async with database.writing() as connection:
            await connection.execute(text(_USER_WITHOUT_SCOPES))
            for role in Role:
                await connection.execute(text(_TOKEN_WITHOUT_SCOPES.format(role=role, at=AT)))
        await migrate(bare_url)
    async with open_database(bare_url) as database:
        had = {one.role: one.scopes for one in await StoredTokens(database).all()}
    known = {"appeals:read", "appeals:register", "appeals:act", "citizens", "calls", "recordings", "line"}
    known |= {"presence", "outages:read", "outages:write", "power", "city-data:read", "city-data:write"}
    known |= {"metrics", "open311"}
    assert had == {role: scopes_of(role) & {Scope(one) for one in known} for role in Role}


_USER_WITHOUT_SCOPES = (
    "INSERT INTO users (id, login, name, role, password_hash, active, demo)"
    " VALUES (1, 'head', 'Керівник', 'head', 'h', true, false)"
)
_TOKEN_WITHOUT_SCOPES = (
    "INSERT INTO api_tokens (secret_hash, name, role, personal, user_id, made_at, expires_at)"
    " VALUES ('{role}', '{role}', '{role}', false, 1, '{at}', '{at}')"
)
