"""A city of full size in the database: everybody who ever called, their appeals and their calls."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import Table, insert

from hotline.appeals import AppealState
from hotline.calls import Outcome
from hotline.speech import Language
from service.bench.progress import tell
from storage.database import Database
from storage.tables import appeals, calls, citizen_numbers, citizens

CITIZENS = 100_000
APPEALS = 300_000
CALLS = 1_000_000
ROWS_AT_ONCE = 25_000
SHARED_BY = 2
"""People behind one telephone number."""
_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
_OUTCOMES = tuple(outcome.value for outcome in Outcome)
_STATES = (*(AppealState.CLOSED.value for _ in range(4)), AppealState.IN_WORK.value)

Row = Mapping[str, object]


def number_of(index: int) -> str:
    """Give the telephone number of a household, E.164."""
    return f"+38045{index % (CITIZENS // SHARED_BY):07d}"


async def fill(database: Database) -> None:
    """Add them all, in transactions that let others write in between."""
    tell(f"{CITIZENS} citizens, {APPEALS} appeals, {CALLS} calls go into the database")
    await _add(database, citizens, _citizens())
    await _add(database, citizen_numbers, _numbers())
    await _add(database, appeals, _appeals())
    await _add(database, calls, _calls())


async def _add(database: Database, table: Table, rows: Iterator[Row]) -> None:
    statement = insert(table)
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        async with database.writing() as connection:
            await connection.execute(statement, chunk)


def _citizens() -> Iterator[Row]:
    for index in range(CITIZENS):
        yield {"id": index + 1, "name": f"Мешканець {index}", "address": f"Київський квартал, {index % 90}"}


def _numbers() -> Iterator[Row]:
    for index in range(CITIZENS):
        yield {"number": number_of(index), "citizen_id": index + 1}


def _appeals() -> Iterator[Row]:
    for index in range(APPEALS):
        at = _LONG_AGO + timedelta(minutes=3 * index)
        yield {
            "number": f"9{index:07d}",
            "applicant_number": number_of(index * 7),
            "summary": "Не світить ліхтар біля під'їзду",
            "state": _STATES[index // 3 % len(_STATES)],
            "registered_at": at,
            "due_on": (at + timedelta(days=15)).date(),
        }


def _calls() -> Iterator[Row]:
    for index in range(CALLS):
        at = _LONG_AGO + timedelta(seconds=50 * index)
        yield {
            "id": f"bench-{index}",
            "number": number_of(index * 13),
            "shown": number_of(index * 13),
            "arrived_at": at,
            "language": Language.UKRAINIAN.value,
            "answered_at": at,
            "first_prompt_at": at,
            "ended_at": at + timedelta(seconds=40),
            "outcome": _OUTCOMES[index % len(_OUTCOMES)],
            "recording_refused": False,
        }
