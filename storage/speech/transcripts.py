"""Transcripts of messages and talks: which are still owed, what was made, and the index of their words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import Lemmas, Terms, words, words_with_forms
from hotline.errors import NotFound
from hotline.speech.hearing import Use
from hotline.speech.shown_words import shown_words
from hotline.speech.transcripts import EVER, FoundTranscript, Side, Speaker, Transcript, Unwritten
from hotline.voice.speech import Language
from storage.core.database import Database
from storage.core.newest_found import newest_found
from storage.core.rows import row_to
from storage.core.word_index import by_fts5, by_tsquery, free_place, place_of, terms_of
from storage.tables import calls, recordings, transcript_lemmas, transcripts, voice_messages

AT_ONCE = 200
LOOKED_THROUGH = 500
"""Transcripts from the newest on, before any are collected: their words lie beside the row, being many."""
SaidIn = Callable[[datetime | None, datetime | None], Select[tuple[str]]]
"""Selects the calls in which some words were said between two moments; None: without that bound."""
_LANGUAGE = func.coalesce(calls.c.language, Language.UKRAINIAN.value)
"""A call's own row may come later than its sound."""
_ROWS = select(
    transcripts,
    func.coalesce(transcripts.c.message, transcripts.c.recording).label("sound"),
    case((transcripts.c.message.is_not(None), Use.MESSAGES.value), else_=Use.RECORDINGS.value).label("of"),
)
_OF_MESSAGES = _ROWS.where(transcripts.c.message.in_(bindparam("sounds", expanding=True)))
_OF_TALKS = _ROWS.where(transcripts.c.recording.in_(bindparam("sounds", expanding=True))).order_by(
    transcripts.c.speaker
)
_MESSAGE_IS_THERE = select(voice_messages.c.id).where(voice_messages.c.id == bindparam("sound"))
_TALK_IS_THERE = select(recordings.c.id).where(recordings.c.id == bindparam("sound"))
_UNINDEXED = _ROWS.where(transcripts.c.lemmas.is_(None)).order_by(transcripts.c.id.desc()).limit(AT_ONCE)
_CALL_ID = func.coalesce(voice_messages.c.call_id, recordings.c.call_id)
_WITH_SOUNDS = transcripts.outerjoin(voice_messages, voice_messages.c.id == transcripts.c.message).outerjoin(
    recordings, recordings.c.id == transcripts.c.recording
)
_FOUND = (
    _ROWS.add_columns(
        _CALL_ID.label("call_id"),
        func.coalesce(voice_messages.c.began_at, recordings.c.started_at).label("began_at"),
    )
    .select_from(_WITH_SOUNDS)
    .order_by(transcripts.c.id.desc())
)


class StoredTranscripts:
    """`hotline.speech.transcripts.Transcripts` on a database."""

    def __init__(self, database: Database, lemmas: Lemmas) -> None:
        self._database = database
        self._lemmas = lemmas
        self._keep = database.insert(transcripts).values(id=free_place(transcripts)).on_conflict_do_nothing()

    async def unwritten(
        self, wanted: Mapping[Use, Collection[Language]], limit: int, since: datetime = EVER
    ) -> Sequence[Unwritten]:
        found: list[Unwritten] = []
        async with self._database.reading() as connection:
            for of, query in ((Use.MESSAGES, _UNWRITTEN_MESSAGES), (Use.RECORDINGS, _UNWRITTEN_SIDES)):
                asked = {"languages": sorted(wanted.get(of, ())), "since": since}
                rows = await connection.execute(query.limit(limit - len(found)), asked)
                found += [row_to(Unwritten, row, of=of) for row in rows.mappings()]
        return found

    async def keep(self, made: Transcript, began_at: datetime) -> None:
        is_message = made.of is Use.MESSAGES
        values: dict[str, Any] = {
            name: getattr(made, name) for name in made.__slots__ if name not in {"sound", "of"}
        }
        values |= {
            "message": made.sound if is_message else None,
            "recording": None if is_message else made.sound,
            "words": [asdict(word) for word in made.words],
            "lemmas": await self._indexed(made),
            "place": place_of(began_at),
        }
        async with self._database.writing() as connection:
            is_there = _MESSAGE_IS_THERE if is_message else _TALK_IS_THERE
            if (await connection.execute(is_there, {"sound": made.sound})).first() is not None:
                await connection.execute(self._keep, values)

    async def of(self, messages: Collection[str]) -> Mapping[str, Transcript]:
        async with self._database.reading() as connection:
            return await transcripts_of(connection, messages)

    async def of_talks(self, recordings: Collection[str]) -> Mapping[str, Sequence[Transcript]]:
        found: dict[str, list[Transcript]] = {}
        if recordings:
            async with self._database.reading() as connection:
                rows = await connection.execute(_OF_TALKS, {"sounds": list(recordings)})
            for row in rows.mappings():
                found.setdefault(row["sound"], []).append(row_to(Transcript, row))
        return found

    async def correct(self, which: Side, text: str, user_id: int, at: datetime) -> None:
        column = transcripts.c.message if which.of is Use.MESSAGES else transcripts.c.recording
        this = and_(column == which.sound, transcripts.c.speaker == which.speaker.value)
        async with self._database.reading() as connection:
            row = (await connection.execute(_ROWS.where(this))).mappings().first()
        if row is None:
            raise NotFound(f"Nothing was written down of the {which.speaker} in {which.sound}.")
        heard = row_to(Transcript, row)
        lemmas = await self._lemmas_of(heard, text)
        values = {"corrected": text, "corrected_by": user_id, "corrected_at": at, "lemmas": lemmas}
        async with self._database.writing() as connection:
            await connection.execute(update(transcripts).where(this).values(values))

    async def find(
        self, text: str, limit: int, of_calls: Collection[str] | None = None
    ) -> tuple[Terms, Sequence[FoundTranscript]]:
        terms = await terms_of(self._lemmas, text)
        if not terms:
            return terms, ()
        async with self._database.reading_planned() as connection:
            places = await self._newest(connection, terms, limit, of_calls)
            rows = (await connection.execute(_FOUND.where(transcripts.c.id.in_(places)))).mappings().all()
        return terms, [
            FoundTranscript(
                transcript=row_to(Transcript, row), call_id=row["call_id"], began_at=row["began_at"]
            )
            for row in rows
        ]

    async def _newest(
        self, connection: AsyncConnection, terms: Terms, limit: int, of_calls: Collection[str] | None
    ) -> Sequence[int]:
        if self._database.shared and of_calls is None:
            with_words = select(transcripts.c.id).where(by_tsquery(transcripts.c.lemmas, [terms]))
            rows = await newest_found(connection, transcripts, with_words, limit, first=LOOKED_THROUGH)
            return [row.id for row in rows]
        found: Select[Any] = self.matching(terms)
        if of_calls is not None:
            found = found.where(found.selected_columns[0].in_(_ids_of(of_calls)))
        places: Sequence[int] = (await connection.execute(found.limit(limit))).scalars().all()
        return places

    def matching(
        self, terms: Terms, since: datetime | None = None, until: datetime | None = None
    ) -> Select[tuple[int]]:
        """Select the ids of transcripts of that time that have all these terms, the newest first."""
        place = transcripts.c.id if self._database.shared else transcript_lemmas.c.rowid
        bounds = [] if since is None else [place >= place_of(since)]
        bounds += [] if until is None else [place <= place_of(until)]
        if self._database.shared:
            found = select(place).where(by_tsquery(transcripts.c.lemmas, [terms]), *bounds)
            all_found = found.cte("found").prefix_with("MATERIALIZED")
            return select(all_found.c.id).order_by(all_found.c.id.desc())
        return select(place).where(by_fts5(transcript_lemmas, [terms]), *bounds).order_by(place.desc())

    async def calls_with(self, text: str) -> SaidIn:
        """Give what selects the calls in which these words were said; a text without a word selects none."""
        terms = await terms_of(self._lemmas, text)

        def said_in(since: datetime | None, until: datetime | None) -> Select[tuple[str]]:
            ids = self.matching(terms, since, until).order_by(None) if terms else [-1]
            return select(_CALL_ID).select_from(_WITH_SOUNDS).where(transcripts.c.id.in_(ids))

        return said_in

    async def written(self, call_ids: Collection[str]) -> frozenset[str]:
        asked = select(_CALL_ID).select_from(_WITH_SOUNDS).where(transcripts.c.id.in_(_ids_of(call_ids)))
        async with self._database.reading() as connection:
            return frozenset((await connection.execute(asked)).scalars())

    async def index(self) -> int:
        """Give their words to some that have none yet, and how many those were."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_UNINDEXED)).mappings().all()
        new = [(row["id"], await self._indexed(row_to(Transcript, row))) for row in rows]
        async with self._database.writing() as connection:
            for key, lemmas in new:
                await connection.execute(
                    update(transcripts).where(transcripts.c.id == key).values(lemmas=lemmas)
                )
        return len(new)

    async def _indexed(self, one: Transcript) -> str:
        return await self._lemmas_of(one, one.corrected)

    async def _lemmas_of(self, one: Transcript, corrected: str | None) -> str:
        """Write the words that are shown, without secrets: nobody finds a call by the number of a card."""
        shown = shown_words(one.words, one.engine, corrected)
        return " ".join(
            sorted(await words_with_forms(self._lemmas, words(" ".join(word.text for word in shown))))
        )


def _ids_of(call_ids: Collection[str]) -> CompoundSelect[tuple[int]]:
    """Select what is written down of these calls, by the indexes of their messages and recordings."""
    messages = select(voice_messages.c.id).where(voice_messages.c.call_id.in_(call_ids))
    talks = select(recordings.c.id).where(recordings.c.call_id.in_(call_ids))
    return union_all(
        select(transcripts.c.id).where(transcripts.c.message.in_(messages)),
        select(transcripts.c.id).where(transcripts.c.recording.in_(talks)),
    )


async def transcripts_of(connection: AsyncConnection, messages: Collection[str]) -> Mapping[str, Transcript]:
    """Read them beside other things, for a list that shows messages."""
    if not messages:
        return {}
    rows = await connection.execute(_OF_MESSAGES, {"sounds": list(messages)})
    return {row["sound"]: row_to(Transcript, row) for row in rows.mappings()}


def _in_languages(source: FromClause, call_id: ColumnElement[str]) -> FromClause:
    return source.outerjoin(calls, calls.c.id == call_id)


_SPOKEN = _LANGUAGE.in_(bindparam("languages", expanding=True))
_UNWRITTEN_MESSAGES = (
    select(
        voice_messages.c.id.label("sound"),
        literal(Speaker.CALLER.value).label("speaker"),
        voice_messages.c.file,
        voice_messages.c.began_at,
        _LANGUAGE.label("language"),
    )
    .select_from(
        _in_languages(voice_messages, voice_messages.c.call_id).outerjoin(
            transcripts, transcripts.c.message == voice_messages.c.id
        )
    )
    .where(voice_messages.c.seconds > 0, transcripts.c.id.is_(None), _SPOKEN)
    .where(voice_messages.c.began_at >= bindparam("since"))
    .order_by(voice_messages.c.began_at.desc(), voice_messages.c.id.desc())
)


def _unwritten_side(speaker: Speaker, file: ColumnElement[str], *where: ColumnElement[bool]) -> Select[Any]:
    written = transcripts.alias(f"written_{speaker}")
    of_it = and_(written.c.recording == recordings.c.id, written.c.speaker == speaker.value)
    return (
        select(
            recordings.c.id.label("sound"),
            literal(speaker.value).label("speaker"),
            file.label("file"),
            recordings.c.started_at.label("began_at"),
            _LANGUAGE.label("language"),
        )
        .select_from(_in_languages(recordings, recordings.c.call_id).outerjoin(written, of_it))
        .where(recordings.c.seconds > 0, recordings.c.listening_file.is_not(None), written.c.id.is_(None))
        .where(_SPOKEN, recordings.c.started_at >= bindparam("since"), *where)
    )


_ONE_FILE = recordings.c.caller_file == recordings.c.dispatcher_file
_SIDES = union_all(
    _unwritten_side(Speaker.CALLER, recordings.c.caller_file, ~_ONE_FILE),
    _unwritten_side(Speaker.DISPATCHER, recordings.c.dispatcher_file, ~_ONE_FILE),
    _unwritten_side(Speaker.BOTH, recordings.c.caller_file, _ONE_FILE),
).subquery()
_UNWRITTEN_SIDES = select(_SIDES).order_by(_SIDES.c.began_at.desc(), _SIDES.c.sound.desc(), _SIDES.c.speaker)
