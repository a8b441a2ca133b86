"""The public list on both databases: what it shows, what it never does, its pages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.appeals.appeal import Appeal, AppealKind, AppealState
from hotline.portal.matters import MatterFilter, Standing
from storage.portal.matters import page_of
from storage.store import Storage
from tests.storage.conftest import NOON

LAMP = Appeal(
    number="2600001",
    applicant_number="+380457900001",
    text="Олена Іваненко: темно біля під'їзду",
    state=AppealState.REGISTERED,
    category="street-light",
    address="Київський квартал, 7, кв. 12",
    registered_at=NOON,
    due_on=NOON.date(),
)


def other(last: int, **changes: object) -> Appeal:
    at = NOON + timedelta(minutes=last)
    return replace(LAMP, number=f"26{last:05}", registered_at=at, **changes)  # type: ignore[arg-type]


async def test_only_what_is_public_is_listed_and_nothing_of_a_person_or_a_house(storage: Storage) -> None:
    matters = storage.public_matters
    for one in (
        LAMP,
        other(2, category="road-hole", address="Поліська вулиця, 3"),
        other(3, state=AppealState.CLOSED, answer="Олено, замінили"),
        other(4, category="benefits"),
        other(5, category="noise"),
        other(6, state=AppealState.WITHDRAWN),
        other(7, state=AppealState.REJECTED),
        other(8, parent="2600001"),
        other(9, category="new-one-that-nobody-thought-of"),
        other(12, kind=AppealKind.INFORMATION_REQUEST),
        other(10, address="Іваненко, біля хвіртки"),
        other(11, address="без коми 7 кв 12"),
    ):
        await storage.appeals.register(one)
    found = await matters.find(MatterFilter(), limit=20)
    assert [one.number for one in found] == ["2600011", "2600010", "2600003", "2600002", "2600001"]
    assert [one.place for one in found] == [
        "",
        "Іваненко",
        *["Київський квартал", "Поліська вулиця"],
        LAMP.address[:17],
    ]
    assert found[-1].joined == 1
    said = repr(found)
    assert not any(word in said for word in ("Олен", "темно", "380457900001", "кв. 12", " 7"))
    assert [one.answered for one in found] == [False, False, True, False, False]
    numbers = {
        "open": MatterFilter(standing=Standing.OPEN, category="street-light", street="Київський квартал"),
        "closed": MatterFilter(standing=Standing.CLOSED),
    }
    listed = {name: [one.number for one in await matters.find(of, limit=9)] for name, of in numbers.items()}
    assert listed == {"open": ["2600001"], "closed": ["2600003"]}
    joined = await matters.one("2600008")
    assert joined is not None
    assert joined.number == "2600001"  # the one that it goes along with
    assert [await matters.one(number) for number in ("2600004", "2600006", "2600012", "2699999")] == [
        None
    ] * 4
    assert await matters.open_by_place() == {
        "": 1,
        "Іваненко": 1,
        "Київський квартал": 1,
        "Поліська вулиця": 1,
    }


async def test_pages_go_on_behind_a_number_also_of_one_moment(storage: Storage) -> None:
    for last in range(1, 8):
        await storage.appeals.register(replace(other(last), registered_at=NOON + timedelta(hours=last // 3)))
    pages, behind = [], ""
    while page := await storage.public_matters.find(MatterFilter(), limit=3, behind=behind):
        pages.append([one.number[-1] for one in page])
        behind = page[-1].number
    assert pages == [["7", "6", "5"], ["4", "3", "2"], ["1"]]
    assert await storage.public_matters.find(MatterFilter(), limit=3, behind="2699999") == []


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (MatterFilter(), "ix_appeals_newest"),
        (MatterFilter(standing=Standing.CLOSED), "ix_appeals_newest"),
        (MatterFilter(category="road-hole"), "ix_appeals_category"),
        (MatterFilter(street="Київський квартал"), "ix_appeals_address"),
        (MatterFilter(standing=Standing.OPEN), "ix_appeals_"),
    ],
)
async def test_a_page_is_read_along_an_index(storage: Storage, wanted: MatterFilter, index: str) -> None:
    shared = storage.database.shared
    page = page_of(wanted, limit=21, behind="2600001", shared=shared)
    async with storage.database.reading() as connection:
        said = page.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        if shared:
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # few rows are read whole
        rows = await connection.exec_driver_sql(f"EXPLAIN {'' if shared else 'QUERY PLAN '}{said}")
    plan = "\n".join(str(row[-1]) for row in rows.all())
    # PostgreSQL chooses among the indexes by what is in them, and here is nothing.
    assert ("Seq Scan on appeals" not in plan) if shared else (index in plan)
