"""What a line of a file is compared with: enough to find what may be the same, and not everything."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.intake import outages
from hotline.outages.outage import NewOutage, Outage, OutageKind, alike, draft
from storage.intake import outage_index
from storage.intake.outage_index import OutageIndex
from storage.store import Storage
from tests.storage.conftest import NOON

from .test_imports import Bureau, RegisterKind, bureau, counts, demo_streets  # noqa: F401 - the fixture

HOUR = timedelta(hours=1)
WATER = NewOutage(utility=Utility.WATER, kind=OutageKind.REPAIR, starts_at=NOON)
AREAS = st.lists(
    st.builds(Area, street=st.sampled_from(["Київський квартал", "київський  квартал", "Лісова"])), max_size=2
)
MADE = st.builds(
    lambda utility, hour, lasts, areas: replace(
        WATER,
        utility=utility,
        starts_at=NOON + hour * HOUR,
        expected_end=lasts and NOON + (hour + lasts) * HOUR,
        areas=tuple(areas),
    ),
    st.sampled_from([Utility.WATER, Utility.GAS]),
    st.integers(-5, 5),
    st.none() | st.integers(1, 4),
    AREAS,
)


@given(st.lists(MADE, max_size=8), st.lists(st.booleans(), min_size=8, max_size=8), MADE)
def test_it_finds_whatever_comparing_with_all_would_find(
    there: list[NewOutage], over: list[bool], new: NewOutage
) -> None:
    known = [
        replace(draft(one, NOON), ended_at=NOON if ended else None)
        for one, ended in zip(there, over, strict=False)
    ]
    index = OutageIndex(known)
    assert bool(index.alike(new, NOON)) == bool(alike(new, [one for one in known if not one.over], NOON))


def test_a_line_is_compared_with_its_streets_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    streets = [Area(street=f"вулиця {number}") for number in range(100)]
    index = OutageIndex(draft(replace(WATER, areas=(one,)), NOON) for one in streets)
    compared: list[int] = []

    def counting(new: NewOutage, known: Sequence[Outage], at: datetime) -> Sequence[Outage]:
        compared.append(len(known))
        return alike(new, known, at)

    monkeypatch.setattr(outage_index, "alike", counting)
    assert index.alike(replace(WATER, areas=(streets[7],)), NOON)
    assert not index.alike(replace(WATER, utility=Utility.GAS, areas=(streets[7],)), NOON)
    assert compared == [1, 0]


async def test_looked_through_each_line_is_read_once_however_long_the_file_is(
    bureau: Bureau,  # noqa: F811
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await storage.streets.add(demo_streets())
    read: list[str] = []
    original = outages.read_areas
    monkeypatch.setattr(
        outages, "read_areas", lambda text, gazetteer: read.append(text) or original(text, gazetteer)
    )
    begun = [NOON - number * 2 * HOUR for number in range(350)]
    lines = [
        f"вода;{one:%d.%m.%Y %H:%M};{one + HOUR:%d.%m.%Y %H:%M};Ризький квартал;{one + HOUR:%d.%m.%Y %H:%M}"
        for one in begun
    ]
    content = "\n".join(["Що відключено;Початок;Завершення;Де;Завершено", *lines])
    one = await bureau.imports.check(RegisterKind.OUTAGES, "файл.csv", content.encode(), None)
    assert counts(one) == (350, 0, 0)
    assert len(read) == 350
