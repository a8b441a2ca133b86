"""The list of appeals on both databases: filters, orders, pages that follow one another."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy
from sqlalchemy.dialects import sqlite

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import Appeal, AppealKind, AppealState, Sign
from hotline.appeals.lists import (
    AppealFilter,
    Due,
    ListedAppeal,
    Order,
    TermFilter,
    position,
    standing,
    term,
)
from hotline.city.classifier import Urgency
from hotline.city.terms import end_of
from storage.appeals import lists_by_words
from storage.appeals.list_filters import not_to_begin_with, numbers_of
from storage.store import Storage
from tests.effort import effort
from tests.fakes.databases import empty_database
from tests.storage.conftest import NOON
from tests.storage.plans import plan

KYIV = ZoneInfo("Europe/Kyiv")
STREET = "вулиця Атомників"
OVERDUE = TermFilter(after=None, until=NOON)

ROADS = pytest.mark.parametrize(
    "road",
    [
        {},
        {"_RARE": -1, "_FEW": 1, "_MOST": 1},
        {"_RARE": -1, "_FEW": 1, "_LEAST_FURTHER": 2},
        {"_RARE": -1, "_FEW": 1, "_MOST": 1, "_WIDER": 2, "_SHORTEST": timedelta(minutes=1)},
    ],
    ids=["one-by-one", "by-words", "further", "in-stretches"],
)
"""Few appeals are read one by one; where many fit, their words come first, or after some of them."""


async def appeal(storage: Storage, number: int, **fields: Any) -> Appeal:
    """Appeals are a minute apart; their terms end in the other order."""
    at = NOON + timedelta(minutes=number)
    due = end_of((at + timedelta(days=40 - number)).date(), KYIV)
    one = Appeal(
        **{
            "number": f"26{number:05d}",
            "applicant_number": None,
            "text": "Прорвало трубу",
            "state": AppealState.REGISTERED,
            "registered_at": at,
            "due_on": due.due_on,
            "due_at": due.due_at,
            **fields,
        }
    )
    await storage.appeals.register(one)
    return one


async def numbers(storage: Storage, order: Order = Order.NEWEST, **wanted: Any) -> list[int]:
    found = await storage.appeal_lists.find(AppealFilter(**wanted), order=order, limit=50)
    return [int(one.appeal.number[2:]) for one in found]


@pytest.fixture
async def olena(storage: Storage) -> User:
    return await storage.users.add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash="x")


async def test_each_filter_finds_its_appeals(storage: Storage, olena: User) -> None:
    heat = await storage.executors.add("Тепломережі", "Тепло", [])
    maria = await storage.citizens.add("Марія Демченко", "Ризький квартал, 1", [])
    await appeal(storage, 1, category="hot-water-none", kind=AppealKind.COMPLAINT, registered_by=olena.id)
    await appeal(
        storage,
        2,
        executor_id=heat.id,
        state=AppealState.ASSIGNED,
        applicant_id=maria.id,
        address=f"{STREET}, 7",
    )
    await appeal(storage, 3, urgency=Urgency.EMERGENCY, sign=Sign.REPEATED, address=f"{STREET}, 70")
    await appeal(storage, 4, state=AppealState.CLOSED, registration_index="К-401", text="Світло в парку")
    assert await numbers(storage) == [4, 3, 2, 1]
    assert await numbers(storage, category="hot-water-none") == [1]
    assert await numbers(storage, kind=AppealKind.COMPLAINT) == [1]
    assert await numbers(storage, registered_by=olena.id) == [1]
    assert await numbers(storage, executor_id=heat.id) == [2]
    assert await numbers(storage, unassigned=True, states=frozenset({AppealState.REGISTERED})) == [3, 1]
    assert await numbers(storage, urgency=Urgency.EMERGENCY) == [3]
    assert await numbers(storage, sign=Sign.REPEATED) == [3]
    assert await numbers(storage, states=frozenset({AppealState.CLOSED, AppealState.ASSIGNED})) == [4, 2]
    assert await numbers(storage, addresses=[STREET]) == [3, 2]
    assert await numbers(storage, addresses=[f"{STREET} 7", "проспект Незалежності"]) == [2]
    assert await numbers(storage, number="2600002") == [2]
    assert await numbers(storage, number="26000") == [4, 3, 2, 1]
    assert await numbers(storage, number="к-401") == [4]
    assert await numbers(storage, since=NOON + timedelta(minutes=2), until=NOON + timedelta(minutes=4)) == [
        3,
        2,
    ]


async def test_words_are_found_in_any_form_beside_other_filters(storage: Storage) -> None:
    await appeal(storage, 1)
    await appeal(storage, 2, text="Тече труба у підвалі", state=AppealState.CLOSED)
    await appeal(storage, 3, text="Немає світла")
    assert await numbers(storage, text="труби") == [2, 1]
    assert await numbers(storage, text="труб", order=Order.OLDEST) == [1, 2]
    assert await numbers(storage, text="трубу", states=frozenset({AppealState.CLOSED})) == [2]
    assert await numbers(storage, text="''\" AND (") == []


async def test_names_stand_for_ids(storage: Storage, olena: User) -> None:
    heat = await storage.executors.add("КП «Тепломережі»", "Тепло", [])
    maria = await storage.citizens.add("Марія Демченко", "", [])
    state = AppealState.ASSIGNED
    await appeal(storage, 1, executor_id=heat.id, applicant_id=maria.id, registered_by=olena.id, state=state)
    (one,) = await storage.appeal_lists.find(AppealFilter(), order=Order.NEWEST, limit=9)
    assert (one.applicant, one.executor, one.registrar) == ("Марія Демченко", "Тепло", "Олена")


@pytest.mark.parametrize("text", ["", "труба"])
@pytest.mark.parametrize("order", Order)
async def test_pages_follow_one_another_whatever_comes_meanwhile(
    storage: Storage, order: Order, text: str
) -> None:
    for number in range(1, 8):
        at = NOON + timedelta(minutes=number // 3)  # some at the same moment
        await appeal(storage, number, registered_at=at, due_at=at)
    found: list[ListedAppeal] = []
    behind = None
    while page := await storage.appeal_lists.find(
        AppealFilter(text=text), order=order, limit=2, behind=behind
    ):
        found += page
        behind = position(page[-1], order)
        if len(found) == 2:
            await appeal(storage, 9, registered_at=NOON + timedelta(days=9), due_at=NOON - timedelta(days=9))
    seen = [int(one.appeal.number[2:]) for one in found]
    expected = [7, 6, 5, 4, 3, 2, 1] if order is Order.NEWEST else [1, 2, 3, 4, 5, 6, 7]
    assert [one for one in seen if one != 9] == expected


async def test_terms_are_those_of_owed_work_by_the_citys_days(storage: Storage) -> None:
    now = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)  # 23:30 in Kyiv
    for number, due_at, state in (
        (1, now - timedelta(hours=1), AppealState.REGISTERED),
        (2, now + timedelta(minutes=30), AppealState.IN_WORK),
        (3, now + timedelta(minutes=31), AppealState.ASSIGNED),
        (4, now + timedelta(days=3), AppealState.ASSIGNED),
        (5, now - timedelta(hours=1), AppealState.CLOSED),
    ):
        await appeal(storage, number, due_at=due_at, state=state)
    assert await numbers(storage, term=term(Due.OVERDUE, now, KYIV)) == [1]
    assert await numbers(storage, term=term(Due.TODAY, now, KYIV)) == [2]
    assert await numbers(storage, term=term(Due.SOON, now, KYIV), order=Order.TERM) == [2, 3]
    assert await numbers(storage, term=TermFilter(), states=frozenset({AppealState.CLOSED})) == []
    found = await storage.appeal_lists.find(AppealFilter(), order=Order.OLDEST, limit=9)
    assert [standing(one.appeal, now, KYIV) for one in found] == [
        Due.OVERDUE,
        Due.TODAY,
        Due.SOON,
        None,
        None,
    ]


@ROADS
@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "narrower", [{}, {"unassigned": True}, {"addresses": [STREET]}], ids=["", "nobody's", "street"]
)
async def test_pages_of_words_with_a_filter_follow_one_another_in_every_order(
    storage: Storage,
    order: Order,
    narrower: Mapping[str, Any],
    road: Mapping[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in road.items():
        monkeypatch.setattr(lists_by_words, name, value)
    for number in range(30):
        text = "Прорвало трубу" if number % 3 else "Немає світла"
        state = AppealState.IN_WORK if number % 2 else AppealState.REGISTERED
        await appeal(storage, number, text=text, state=state, address=f"{STREET}, {number}")
    wanted = AppealFilter(
        text="труби",
        states=frozenset({AppealState.IN_WORK}),
        since=NOON + timedelta(minutes=5),
        until=NOON + timedelta(minutes=25),
        **narrower,
    )
    found, behind = list[int](), None
    while page := await storage.appeal_lists.find(wanted, order=order, limit=3, behind=behind):
        found += [int(one.appeal.number[2:]) for one in page]
        behind = position(page[-1], order)
    expected = [number for number in range(5, 25) if number % 2 and number % 3]
    assert found == (expected if order is Order.OLDEST else expected[::-1])


async def test_words_with_a_filter_in_stretches_of_time_are_those_that_plain_reading_finds(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Appeals of one moment, of quiet weeks and of busy minutes, whatever is asked of them."""
    monkeypatch.setattr(lists_by_words, "_RARE", -1)
    chance = Random(7)  # noqa: S311 - the same every time
    texts, states = ("Прорвало трубу", "Немає світла"), (AppealState.IN_WORK, AppealState.REGISTERED)
    at = NOON
    for number in range(60):
        at += timedelta(minutes=chance.choice((0, 0, 1, 7, 400, 30_000)))
        text, state = texts[chance.random() < 0.5], states[chance.random() < 0.3]
        await appeal(storage, number, text=text, state=state, registered_at=at)
    moments = [NOON + (at - NOON) * part / 9 for part in range(10)]
    for _ in range(effort(day=12, night=400)):
        for name, most in (("_FEW", 4), ("_LEAST_FURTHER", 3), ("_WIDER", 4)):
            monkeypatch.setattr(lists_by_words, name, 1 + chance.randrange(most))
        monkeypatch.setattr(lists_by_words, "_MOST", lists_by_words._FEW + chance.randrange(3))  # never fewer
        monkeypatch.setattr(lists_by_words, "_SHORTEST", timedelta(minutes=chance.choice((1, 60, 90_000))))
        order, limit = chance.choice(list(Order)), 1 + chance.randrange(20)
        plain = AppealFilter(
            states=frozenset(chance.sample(states, 1)),
            since=chance.choice((None, *moments[:5])),
            until=chance.choice((None, *moments[5:])),
        )
        fitting = await storage.appeal_lists.find(plain, order=order, limit=99)
        last = chance.choice((None, *fitting))
        wanted = [
            one for one in fitting[fitting.index(last) + 1 if last else 0 :] if "труб" in one.appeal.text
        ]
        found = await storage.appeal_lists.find(
            replace(plain, text="труба"), order=order, limit=limit, behind=last and position(last, order)
        )
        assert [one.appeal.number for one in found] == [one.appeal.number for one in wanted[:limit]]


@ROADS
async def test_words_are_found_alike_by_every_road(
    storage: Storage, road: Mapping[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in road.items():
        monkeypatch.setattr(lists_by_words, name, value)
    texts = ("Прорвало трубу в під'їзді", "Труби гудуть", "Немає світла", "Трубач грає вночі")
    for number, text in enumerate(texts):
        await appeal(storage, number, text=text, category="water-burst", address=f"{STREET}, {number}")
    for words, found in (
        *(("труба", [3, 1, 0]), ("труб", [3, 1, 0]), ("під'їзд трубу", [0]), ("немає світло", [2])),
        *((f"{STREET} 1", [1]), ("космос", []), ("прорвало світло", [])),
    ):
        assert await numbers(storage, text=words, category="water-burst") == found, words


async def test_parts_of_the_list_are_counted_up_to_a_bound(storage: Storage) -> None:
    for number in range(5):
        await appeal(storage, number, state=AppealState.DISPUTED if number else AppealState.CLOSED)
    disputed = AppealFilter(states=frozenset({AppealState.DISPUTED}))
    owed = AppealFilter(term=TermFilter(until=NOON + timedelta(days=90)), unassigned=True)
    assert list(await storage.appeal_lists.count([disputed, owed, AppealFilter()], 3)) == [3, 3, 3]
    assert list(await storage.appeal_lists.count([disputed, owed, AppealFilter()], 9)) == [4, 4, 5]


@pytest.mark.parametrize(
    ("wanted", "order", "index"),
    [
        (
            AppealFilter(term=TermFilter(after=None, until=NOON), urgency=Urgency.ORDINARY),
            Order.NEWEST,
            "state_term",
        ),
        (AppealFilter(term=OVERDUE, kind=AppealKind.REPORT), Order.TERM, "state_term"),
        (AppealFilter(urgency=Urgency.ORDINARY), Order.TERM, "term"),
        (AppealFilter(urgency=Urgency.EMERGENCY), Order.TERM, "urgency"),
        (AppealFilter(number="26"), Order.NEWEST, "newest"),
        (AppealFilter(sign=Sign.FIRST, states=frozenset({AppealState.ASSIGNED})), Order.NEWEST, "state"),
    ],
)
async def test_sqlite_begins_with_the_index_that_leaves_few(
    tmp_path: Path, wanted: AppealFilter, order: Order, index: str
) -> None:
    query = numbers_of(wanted, order, None, None, not_to_begin_with(wanted, order)).limit(50)
    said = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    empty_database(tmp_path)
    with closing(sqlite3.connect(tmp_path / "hotline.db")) as opened:
        plan = [row[3] for row in opened.execute(f"EXPLAIN QUERY PLAN {said}")]
    assert f"INDEX ix_appeals_{index} " in f"{plan[0]} "


async def test_addresses_that_begin_alike_are_one_piece_of_their_index(storage: Storage) -> None:
    query = numbers_of(AppealFilter(addresses=[STREET]), Order.NEWEST, None, None).limit(50)
    said = await plan(storage, query, {})
    assert "ix_appeals_address" in said
    assert "BitmapOr" not in said
    assert "MULTI-INDEX OR" not in said


async def test_an_address_begins_with_whole_words(storage: Storage) -> None:
    for number, address in enumerate((STREET, f"{STREET}, 7", f"{STREET}а, 7", f"{STREET} 70-А", "Інша, 7")):
        await appeal(storage, number, address=address)
    assert await numbers(storage, addresses=[STREET]) == [3, 1, 0]
    assert await numbers(storage, addresses=[f"{STREET} 7"]) == [1]


async def test_appeals_of_nobody_are_in_order_along_their_index(storage: Storage) -> None:
    query = numbers_of(AppealFilter(unassigned=True), Order.NEWEST, None, None).limit(50)
    said = await plan(storage, query, {}, without=["bitmapscan", "sort", "incremental_sort"])
    assert "ix_appeals_executor" in said
    assert "Sort" not in said
    assert "TEMP B-TREE" not in said


async def test_what_reads_a_list_is_planned_for_what_is_asked(storage: Storage) -> None:
    if not storage.database.shared:
        return
    asked = sqlalchemy.text("SHOW plan_cache_mode")
    async with storage.database.reading_planned() as connection, storage.database.reading() as other:
        assert await connection.scalar(asked) == "force_custom_plan"
        assert await other.scalar(asked) == "auto"


@pytest.mark.parametrize(
    "narrower", [{"kind": AppealKind.COMPLAINT}, {"registered_by": 1}, {"since": NOON}], ids=str
)
async def test_what_is_overdue_is_looked_through_without_all_that_ever_was(
    storage: Storage, narrower: Mapping[str, Any]
) -> None:
    query = numbers_of(AppealFilter(term=OVERDUE, **narrower), Order.TERM, None, None).limit(50)
    if not storage.database.shared:  # begins with the states, and sorts
        return
    async with storage.database.reading() as connection:
        await connection.exec_driver_sql("SET enable_seqscan = off")
        said = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        rows = (await connection.exec_driver_sql(f"EXPLAIN {said}")).all()
        await connection.exec_driver_sql("RESET enable_seqscan")
    assert "ix_appeals_owed" in "\n".join(row[0] for row in rows)
