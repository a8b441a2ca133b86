"""A city of full size in the database: everybody who ever called, their appeals and their calls."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from sqlalchemy import Table, func, insert, select

from hotline.appeals.appeal import AppealState
from hotline.calls.call import Outcome
from hotline.city.search_terms import normalised, place_tokens, words
from hotline.voice.speech import Language
from storage.appeals.texts import lemma_text
from storage.city.lemmas import UkrainianLemmas
from storage.core.database import Database
from storage.core.word_index import place_of
from storage.people.numbers import known_number_row
from storage.tables import (
    appeal_history,
    appeal_texts,
    appeals,
    calls,
    citizen_numbers,
    citizen_words,
    citizens,
    executors,
    known_numbers,
    users,
)
from tests.bench import year
from tests.bench.city_words import address, person, summary
from tests.bench.progress import tell
from tests.bench.year import Year
from tests.bench.year_calls import year_calls

VERSION = 4
"""Raised whenever other rows are generated: kept cities of an earlier version are not used any more."""
ROWS_AT_ONCE = 25_000
SHARED_BY = 2
"""People behind one telephone number."""
WORDS_OF_CITIZEN = 5
SEED = 1580
_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
_OUTCOMES = tuple(outcome.value for outcome in Outcome)
_STATES = (*(AppealState.CLOSED.value for _ in range(4)), AppealState.IN_WORK.value)

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The numbers of people, appeals and calls."""

    name: str
    citizens: int
    appeals: int
    calls: int
    year: int = 0
    """Appeals of the latest year, with executors and histories (`tests.bench.year`)."""
    year_calls: int = 0
    """Calls of that year, each with what became of it in the line."""


FULL = Size(name="full", citizens=100_000, appeals=300_000, calls=1_000_000)
EMPTY = Size(name="empty", citizens=0, appeals=0, calls=0)
YEAR = Size(name="year", citizens=100_000, appeals=200_000, calls=0, year=100_000)
"""A year of a city of 100,000, and two that went before."""
SMALL_YEAR = Size(name="small-year", citizens=1_000, appeals=2_000, calls=0, year=1_000)
CITY_YEAR = Size(name="city-year", citizens=100_000, appeals=0, calls=0, year=100_000, year_calls=1_000_000)
"""A year of a city alone, with the calls of its line."""
SMALL_CITY_YEAR = Size(
    name="small-city-year", citizens=1_000, appeals=0, calls=0, year=1_000, year_calls=10_000
)
SMALL = Size(name="small", citizens=1_000, appeals=3_000, calls=10_000)
"""For trying a benchmark out, not for its figures."""


def number_of(index: int, size: Size = FULL) -> str:
    """Give the telephone number of a household, E.164."""
    return f"+38045{index % (size.citizens // SHARED_BY):07d}"


_NUMBERED = (citizens, executors, users, appeal_history)


async def fill(database: Database, size: Size = FULL) -> None:
    """Add them all, in transactions of some thousand rows; stopped in between, it leaves half a city."""
    await _add(database, citizens, _citizens(size), size.citizens)
    await _add(database, citizen_words, _words(size), size.citizens * WORDS_OF_CITIZEN)
    await _add(database, citizen_numbers, _numbers(size), size.citizens)
    await _add(database, known_numbers, _known(size), size.citizens // SHARED_BY)
    await _add(database, appeals, _appeals(size), size.appeals)
    await _add(database, appeal_texts, _texts(size), size.appeals)
    await _add(database, calls, _calls(size), size.calls)
    if size.year:
        await _add_year(database, Year(appeals=size.year, citizens=size.citizens))
    await _add(database, calls, year_calls(size.year_calls), size.year_calls)
    if database.shared:
        await _count_on(database)


async def _add_year(database: Database, of: Year) -> None:
    await _add(database, executors, year.executors(), year.EXECUTORS)
    await _add(database, users, year.registrars(), year.REGISTRARS)
    await _add(database, appeals, year.appeals(of), of.appeals)
    await _add(database, appeal_texts, year.texts(of), of.appeals)
    await _add(database, appeal_history, year.histories(of), year.ENTRIES * of.appeals)


async def _count_on(database: Database) -> None:
    """Have PostgreSQL number the next rows behind those that came with a number of their own."""
    async with database.writing() as connection:
        for table in _NUMBERED:
            sequence = func.pg_get_serial_sequence(table.name, "id")
            await connection.execute(select(func.setval(sequence, func.max(table.c.id) + 1)))


async def _add(database: Database, table: Table, rows: Iterator[Row], of: int) -> None:
    statement, done = insert(table), 0
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        async with database.writing() as connection:
            await connection.execute(statement, chunk)
        done += len(chunk)
        tell(f"{table.name}: {done} of {of}")


def _chance() -> Random:
    return Random(SEED)  # noqa: S311 - the same city every time


def _citizens(size: Size) -> Iterator[Row]:
    chance = _chance()
    for index in range(size.citizens):
        yield {"id": index + 1, "name": person(chance), "address": address(chance)}


def _words(size: Size) -> Iterator[Row]:
    for one in _citizens(size):
        for word in (*words(str(one["name"])), *place_tokens(str(one["address"]))):
            yield {"word": word, "citizen_id": one["id"]}


def _known(size: Size) -> Iterator[Row]:
    for index in range(size.citizens // SHARED_BY):
        yield known_number_row(number_of(index, size))


def _numbers(size: Size) -> Iterator[Row]:
    for index in range(size.citizens):
        yield {"number": number_of(index, size), "citizen_id": index + 1}


def _appeals(size: Size) -> Iterator[Row]:
    chance = _chance()
    for index in range(size.appeals):
        at = _LONG_AGO + timedelta(minutes=3 * index)
        where, due = address(chance), at + timedelta(days=15)
        yield {
            "number": f"9{index:07d}",
            "applicant_number": number_of(index * 7, size),
            "applicant_id": index * 7 % size.citizens + 1,
            "text": summary(chance),
            "address": where,
            "address_key": normalised(where),
            "state": _STATES[index // 3 % len(_STATES)],
            "registered_at": at,
            "due_on": due.date(),
            "due_at": due,
        }


def _texts(size: Size) -> Iterator[Row]:
    lemmas = UkrainianLemmas()
    for one in _appeals(size):
        where, at = str(one["address"]), one["registered_at"]
        said = words(f"{one['text']} {where}")
        text = lemma_text(said, [lemmas.of_word(word) for word in said], where)
        assert isinstance(at, datetime)  # noqa: S101 - we made it ourselves
        yield {"id": place_of(at), "appeal": one["number"], "lemmas": text}


def _calls(size: Size) -> Iterator[Row]:
    for index in range(size.calls):
        at = _LONG_AGO + timedelta(seconds=50 * index)
        yield {
            "id": f"bench-{index}",
            "number": number_of(index * 13, size),
            "shown": number_of(index * 13, size),
            "arrived_at": at,
            "language": Language.UKRAINIAN.value,
            "answered_at": at,
            "first_prompt_at": at,
            "ended_at": at + timedelta(seconds=40),
            "outcome": _OUTCOMES[index % len(_OUTCOMES)],
            "recording_refused": False,
        }
