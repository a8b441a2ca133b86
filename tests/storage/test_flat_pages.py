"""A page is read from a great year of calls by as much work as from a small one.

SQLite's own program is counted, which no other work on the machine changes; `hotline bench growth` has the
same steps in years of a size that a city has, and on PostgreSQL.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from storage.appeals import lists_by_words
from storage.store import open_storage
from tests.bench.growth.databases import fill_sqlite
from tests.bench.growth.lists import LISTS
from tests.bench.growth.rows import APPEALS_SHARE, DIALECTS, GrownYear, rare_words
from tests.bench.growth.steps import PAGES, Town
from tests.fakes.databases import empty_database
from tests.storage.conftest import NOON, FixedClock
from tests.storage.sqlite_steps import all_steps

SMALL, GREAT = 600, 4_800
DESKS, EXECUTORS, CATEGORIES, FREQUENT, ROWS, OWED = 4, 2, ("light-lamp", "water-none"), 3, 3, 6
"""So few that a page is full in the small year as well, and as much work is owed in both."""
FEW = 10
"""In the place of 2,500: so few appeals are read one by one before their words come first."""
TURNS = 3
STEEPEST = 1.5
FILLED_IN_NONE = frozenset({"search_seldom_word", "search_spoken_frequent"})
"""Of these words the small year has fewer texts than a page shows."""
FLAT = {name: do for name, do in {**PAGES, **LISTS}.items() if name not in FILLED_IN_NONE}


async def test_a_page_takes_as_many_steps_in_a_year_of_eight_times_the_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists_by_words, "_FEW", FEW)
    small, great = [await _steps(tmp_path / str(calls), calls) for calls in (SMALL, GREAT)]
    steep = {name: (small[name], many) for name, many in great.items() if many > STEEPEST * small[name]}
    assert not steep


async def _steps(folder: Path, calls: int) -> Mapping[str, int]:
    """Count the steps of each page, in the middle of three times that it is read."""
    folder.mkdir()
    url = empty_database(folder)
    year = GrownYear(
        calls=calls,
        ends=NOON,
        dialect=DIALECTS["sqlite"],
        desks=DESKS,
        executors=EXECUTORS,
        categories=CATEGORIES,
        frequent=FREQUENT,
        owed=OWED * APPEALS_SHARE / calls,
    )
    await asyncio.to_thread(fill_sqlite, folder / "hotline.db", year)
    found: dict[str, list[int]] = {name: [] for name in FLAT}
    with all_steps() as steps:
        async with open_storage(url, FixedClock()) as storage:
            town = Town(
                storage=storage,
                now=NOON,
                rare=rare_words(year.appeals),
                rare_spoken=rare_words(year.messages),
                rows=ROWS,
                desks=DESKS,
                executors=EXECUTORS,
                categories=CATEGORIES,
                frequent=FREQUENT,
            )
            await town.pick(TURNS)
            for _ in range(TURNS):
                town.turn()
                for name, do in FLAT.items():
                    before = steps.many
                    await do(town)
                    found[name].append(steps.many - before)
    return {name: sorted(many)[TURNS // 2] for name, many in found.items()}
