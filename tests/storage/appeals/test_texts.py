from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.lists import AppealFilter, Order, position
from hotline.city.search_terms import SearchTerm
from storage.appeals import lists_by_words
from storage.appeals.texts import AppealTexts
from storage.city.lemmas import UkrainianLemmas
from storage.core.word_index import A_SECOND
from storage.store import Storage
from storage.tables import appeal_texts
from tests.effort import effort
from tests.storage.conftest import NOON

LEMMAS = UkrainianLemmas()


@pytest.fixture
def texts(storage: Storage) -> AppealTexts:
    return AppealTexts(storage.database, LEMMAS)


async def register(
    storage: Storage, number: str, text: str, *, address: str = "", at: datetime = NOON
) -> None:
    await storage.appeals.register(
        Appeal(
            number=number,
            applicant_number=None,
            text=text,
            state=AppealState.REGISTERED,
            registered_at=at,
            due_on=at.date(),
            due_at=at,
            address=address,
        )
    )


async def found(storage: Storage, texts: AppealTexts, text: str) -> list[str]:
    query = texts.matching(await texts.terms(text)).subquery()
    newest = select(query.c.appeal).order_by(query.c.id.desc())
    async with storage.database.reading() as connection:
        return list((await connection.execute(newest)).scalars())


@pytest.mark.parametrize(
    "typed",
    ["труба", "труби", "труб", "ТРУБОЮ", "прорвало трубу", "трубу прорвало", "прорвана", "тру"],
)
async def test_any_form_of_the_words_finds_the_appeal(
    storage: Storage, texts: AppealTexts, typed: str
) -> None:
    await register(storage, "1", "У підвалі труба прорвана, вода тече")
    await register(storage, "2", "Не світить ліхтар біля під'їзду")
    assert await found(storage, texts, typed) == ["1"]


async def test_all_the_words_must_be_there_in_any_order(storage: Storage, texts: AppealTexts) -> None:
    await register(storage, "1", "Не світить ліхтар біля під'їзду")
    assert await found(storage, texts, "під’їзд ліхтарі") == ["1"]
    assert await found(storage, texts, "ліхтар у підїзді не світив") == ["1"]
    assert await found(storage, texts, "ліхтар підвал") == []


async def test_the_newest_comes_first_whatever_was_written_when(storage: Storage, texts: AppealTexts) -> None:
    await register(storage, "2", "Немає світла", at=NOON)
    await register(storage, "3", "Немає світла", at=NOON)
    await register(storage, "1", "Немає світла", at=NOON - timedelta(days=3))
    assert await found(storage, texts, "світло") == ["3", "2", "1"]


async def test_an_address_is_found_by_its_words(storage: Storage, texts: AppealTexts) -> None:
    await register(storage, "1", "Тече дах", address="вулиця Атомників, 7а, кв. 3")
    assert await found(storage, texts, "атомників 7а") == ["1"]


async def test_what_is_written_again_replaces_what_was_there(storage: Storage, texts: AppealTexts) -> None:
    await register(storage, "1", "Тече дах")
    text = await texts.of("Тече труба", "")
    async with storage.database.writing() as connection:
        await texts.add(connection, "1", NOON, text)
    assert await found(storage, texts, "дах") == []
    assert await found(storage, texts, "труба") == ["1"]


async def test_nothing_said_finds_nothing(storage: Storage, texts: AppealTexts) -> None:
    await register(storage, "1", "Не світить ліхтар на розі")
    assert await found(storage, texts, "не на") == []
    assert await found(storage, texts, "") == []


@settings(
    max_examples=effort(day=20, night=150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=st.text(max_size=60) | st.text(alphabet="\"'*:()^-+{}&|!<>\\§ аOR\0", max_size=30))
async def test_whatever_is_typed_is_no_error(storage: Storage, texts: AppealTexts, typed: str) -> None:
    await found(storage, texts, typed)
    text = await texts.of(typed, typed)
    async with storage.database.writing() as connection:
        await texts.add(connection, "1", NOON, text)
        rows = (await connection.execute(select(appeal_texts.c.appeal))).scalars().all()
    assert rows == ["1"]


async def test_what_was_written_is_found_by_itself(storage: Storage, texts: AppealTexts) -> None:
    for number, said in enumerate(("ⅷ½²", "日本語 текст", "naïve Straße", "йод", "٣٤")):
        await register(storage, str(number), said)
        assert str(number) in await found(storage, texts, said), said


async def test_terms_hold_what_the_last_word_may_become(texts: AppealTexts) -> None:
    assert await texts.terms("на тру") == [SearchTerm(frozenset({"тру", "терти"}), "тру")]


async def in_order(storage: Storage) -> list[int]:
    async with storage.database.reading() as connection:
        rows = await connection.execute(select(appeal_texts.c.appeal).order_by(appeal_texts.c.id))
        return [int(one[2:]) for one in rows.scalars()]


async def test_days_without_hours_come_in_from_the_last_one_on(storage: Storage) -> None:
    for number in range(9):
        await register(storage, f"26{number:05d}", "Тече труба", at=NOON - timedelta(days=number // 3))
    assert await in_order(storage) == [6, 7, 8, 3, 4, 5, 0, 1, 2]


async def test_a_second_with_more_appeals_than_places_pushes_the_next_ones_on(storage: Storage) -> None:
    for number in range(A_SECOND + 3):
        await register(storage, f"26{number:05d}", "Тече труба", at=NOON)
    await register(storage, "2600090", "Тече труба", at=NOON + timedelta(seconds=1))
    await register(storage, "2600091", "Тече труба", at=NOON)
    assert await in_order(storage) == [*range(A_SECOND + 3), 90, 91]


@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
async def test_words_are_paged_through_whatever_the_order_of_entry(storage: Storage, order: Order) -> None:
    for number in range(8, -1, -1):
        await register(storage, f"26{number:05d}", "Тече труба", at=NOON + timedelta(minutes=number))
    listed, behind = list[int](), None
    wanted = AppealFilter(text="труба")
    while page := await storage.appeal_lists.find(wanted, order=order, limit=2, behind=behind):
        listed += [int(one.appeal.number[2:]) for one in page]
        behind = position(page[-1], order)
    assert listed == list(range(9))[:: -1 if order is Order.NEWEST else 1]


@pytest.mark.parametrize("few", [1, 2500])
@pytest.mark.parametrize("states", [(), (AppealState.REGISTERED,)])
@pytest.mark.parametrize("order", list(Order))
async def test_no_appeal_of_one_second_is_left_out_between_pages(
    storage: Storage,
    order: Order,
    states: Sequence[AppealState],
    few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lists_by_words, "_FEW", few)
    for number in (4, 1, 6, 0, 5, 2, 3):
        await register(storage, f"26{number:05d}", "Тече труба", at=NOON)
    listed, behind = list[int](), None
    wanted = AppealFilter(text="труба", states=frozenset(states))
    while page := await storage.appeal_lists.find(wanted, order=order, limit=2, behind=behind):
        listed += [int(one.appeal.number[2:]) for one in page]
        behind = position(page[-1], order)
    assert sorted(listed) == list(range(7))
