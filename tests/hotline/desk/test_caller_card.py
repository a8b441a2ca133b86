"""The one line about a caller for a dispatcher's telephone."""

from datetime import date

import pytest

from hotline.appeals.appeal import Appeal, AppealState
from hotline.desk.caller_card import CallerCards
from storage.store import Storage
from tests.fakes.clock import NOON

NUMBER = "+380457900001"


@pytest.fixture
def cards(storage: Storage) -> CallerCards:
    return CallerCards(storage.citizens, storage.appeals)


async def _appeal(storage: Storage, number: str, state: AppealState = AppealState.IN_WORK) -> None:
    await storage.appeals.register(
        Appeal(
            number=number,
            applicant_number=NUMBER,
            text="Не світить ліхтар",
            state=state,
            registered_at=NOON,
            due_on=date(2026, 12, 16),
        )
    )


async def test_a_known_citizen_is_named_with_their_open_appeals(storage: Storage, cards: CallerCards) -> None:
    await storage.citizens.add("Олена Коваль", "Київський квартал, 7", [NUMBER])
    await _appeal(storage, "1001")
    await _appeal(storage, "1002")
    await _appeal(storage, "1003", AppealState.CLOSED)
    assert await cards.card("0457900001") == "Олена Коваль, звернень: 2"


async def test_everyone_who_shares_a_number_is_named(storage: Storage, cards: CallerCards) -> None:
    for name in ("Марія Демченко", "Іван Демченко"):
        await storage.citizens.add(name, "Київський квартал, 7", [NUMBER])
    assert sorted((await cards.card(NUMBER)).split(" / ")) == ["Іван Демченко", "Марія Демченко"]


async def test_a_stranger_with_an_appeal_has_only_that(storage: Storage, cards: CallerCards) -> None:
    await _appeal(storage, "1001")
    assert await cards.card(NUMBER) == "звернень: 1"


@pytest.mark.parametrize("shown", ["", "anonymous", "201", "0457999999", "x" * 10_000, '"; DROP TABLE'])
async def test_of_anybody_else_nothing_is_said(storage: Storage, cards: CallerCards, shown: str) -> None:
    await storage.citizens.add("Олена Коваль", "Київський квартал, 7", [NUMBER])
    assert await cards.card(shown) == ""
