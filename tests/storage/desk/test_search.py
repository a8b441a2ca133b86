from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.call import CallRecord
from hotline.city.addresses import demo_streets
from hotline.desk.search import Found, ResultGroup
from hotline.voice.speech import Language
from storage.store import Storage
from tests.effort import effort
from tests.storage.conftest import NOON

ALL = frozenset(ResultGroup)
MARIA, IVAN, HANNA = "Демченко Мар'яна Іванівна", "Демченко Іван Петрович", "Ґудзь Ганна"
NUMBER, OTHER = "+380457900012", "+380501234567"


@pytest.fixture
async def town(storage: Storage) -> Storage:
    await storage.streets.add(demo_streets())
    await storage.citizens.add(MARIA, "Київський квартал, 7, кв. 12", [NUMBER])
    await storage.citizens.add(IVAN, "Київський квартал, 70, кв. 1", [NUMBER, OTHER])
    await storage.citizens.add(HANNA, "вулиця Атомників, 7", [])
    for number, text, address in (
        ("2600001", "Прорвало трубу у підвалі", "Київський квартал, 7, кв. 12"),
        ("2600002", "Не світить ліхтар", "вулиця Атомників, 7"),
        ("2600010", "Труба прорвана знову", "вулиця Атомників, 9"),
    ):
        appeal = Appeal(
            number=number,
            applicant_number=NUMBER,
            text=text,
            state=AppealState.REGISTERED,
            registered_at=NOON + timedelta(minutes=int(number[-2:])),
            due_on=NOON.date(),
            address=address,
        )
        await storage.appeals.register(appeal)
    for call_id, number in (("call-1", NUMBER), ("call-2", OTHER)):
        await storage.calls.open(
            CallRecord(id=call_id, number=number, shown=number, arrived_at=NOON, language=Language.UKRAINIAN)
        )
    await storage.calls.flush()
    return storage


def names(found: Found) -> list[str]:
    return [one.citizen.name for one in found.people]


def numbers(found: Found) -> list[str]:
    return [one.number for one in found.appeals]


@pytest.mark.parametrize(
    "typed",
    ["+380457900012", "0457900012", "(04579) 0-00-12", "045 790 00 12", "900012", "0-00-12", "012"],
)
async def test_a_telephone_number_is_found_however_it_is_written(town: Storage, typed: str) -> None:
    found = await town.search.find(typed, ALL, 8)
    assert names(found) == [MARIA, IVAN]
    assert {"2600001", "2600002", "2600010"} <= set(numbers(found))
    assert [call.id for call in found.calls] == ["call-1"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("демч", [IVAN, MARIA]),
        ("мар’яна демченко", [MARIA]),
        ("ДЕМ МАРЯ", [MARIA]),
        ("іван демченко", [IVAN, MARIA]),
        ("гудзь", [HANNA]),
        ("ґуд ган", [HANNA]),
        ("енко", []),
    ],
)
async def test_a_name_is_found_by_how_its_words_begin(town: Storage, typed: str, expected: list[str]) -> None:
    assert names(await town.search.find(typed, ALL, 8)) == expected


async def test_an_appeal_is_found_by_its_number_or_the_beginning_of_it(town: Storage) -> None:
    assert numbers(await town.search.find("2600001", ALL, 8)) == ["2600001"]
    assert numbers(await town.search.find("№ 26 00002", ALL, 8)) == ["2600002"]
    assert numbers(await town.search.find("260000", ALL, 8)) == ["2600002", "2600001"]


@pytest.mark.parametrize(
    ("typed", "people", "appeals"),
    [
        ("Київський 7", [MARIA], ["2600001"]),
        ("київ 7", [MARIA], ["2600001"]),
        ("квартал Київський, 70", [IVAN], []),
        ("вул. Атомників 7", [HANNA], ["2600002"]),
        ("Курчатова 7", [HANNA], ["2600002"]),
        ("курчатова", [HANNA], ["2600010", "2600002"]),
        ("труба Курчатова", [], ["2600010"]),
        ("Московський квартал", [], []),
    ],
)
async def test_an_address_is_found_by_the_present_and_the_old_name_of_the_street(
    town: Storage, typed: str, people: list[str], appeals: list[str]
) -> None:
    found = await town.search.find(typed, ALL, 8)
    assert (names(found), numbers(found)) == (people, appeals)


async def test_words_find_appeals_in_any_form_the_newest_first(town: Storage) -> None:
    assert numbers(await town.search.find("прорвало труби", ALL, 8)) == ["2600010", "2600001"]
    assert numbers(await town.search.find("труб", ALL, 1)) == ["2600010"]


async def test_groups_that_are_not_asked_for_stay_empty(town: Storage) -> None:
    found = await town.search.find(NUMBER, {ResultGroup.APPEALS}, 8)
    assert (found.people, found.calls) == ((), ())
    assert len(found.appeals) == 3
    assert (await town.search.find("демченко", {ResultGroup.CALLS}, 8)).nothing


async def test_what_the_call_and_the_appeal_brought_is_known_by_its_last_digits(town: Storage) -> None:
    found = await town.search.find("4567", ALL, 8)
    assert names(found) == [IVAN]
    assert [call.id for call in found.calls] == ["call-2"]


@settings(
    max_examples=effort(day=15, night=100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    typed=st.text(max_size=250)
    | st.text(alphabet="0123456789+-() №٣", max_size=60)
    | st.text(alphabet="\"'*:()^-+{}&|!<>\\§% аб7\0\ud800", max_size=30)
)
async def test_whatever_is_typed_is_answered(town: Storage, typed: str) -> None:
    await town.search.find(typed, ALL, 8)
