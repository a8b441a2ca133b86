"""Bodies and enterprises as one directory: who acts for whom, what is found, what residents see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from hotline.city.days_off import DaysOff
from hotline.desk.directory import bodies as at_the_desk
from hotline.directory.bodies import Bodies, Body, read_bodies, shown_to_residents
from hotline.directory.entries import Entry, entries, fitting, having, standing_of
from hotline.directory.hours import ROUND_THE_CLOCK
from hotline.enterprises.executors import Contact, ContactHours, Executor
from hotline.knowledge.finding import said_in
from storage.city.lemmas import UkrainianLemmas
from tests.hotline.directory.bodies import DIRECTORY

KYIV = ZoneInfo("Europe/Kyiv")
LEMMAS = UkrainianLemmas()
KOVAL, BOIKO, MELNYK = "Коваль Олена Петрівна", "Бойко Ігор Іванович", "Мельник Ганна Василівна"
DAY = ContactHours(since=time(8), until=time(20))
DUTY = Contact(name="Диспетчерська", number="+380457900031", hours=DAY)
WATER = Executor(id=1, name="КП «Міський водоканал»", short="Водоканал", contacts=(DUTY,))
HEAT = Executor(id=2, name="КП «Тепломережа»", short="Тепломережа")


@pytest.fixture(scope="module")
def known() -> Bodies:
    return read_bodies(DIRECTORY, 1001)


@pytest.fixture
def every(known: Bodies) -> Sequence[Entry]:
    return entries(known, [WATER, HEAT])


@pytest.mark.parametrize(
    ("day", "acts"),
    [
        (date(2026, 6, 30), KOVAL),
        (date(2026, 7, 1), BOIKO),
        (date(2026, 7, 8), MELNYK),
        (date(2026, 7, 10), BOIKO),
        (date(2026, 8, 1), KOVAL),
    ],
)
def test_who_stands_in_is_followed_over_all_who_are_away(known: Bodies, day: date, acts: str) -> None:
    assert known.who_acts(known.officials[KOVAL], day) == known.officials[acts]


def test_nobody_acts_where_nobody_is_named_or_all_name_one_another(known: Bodies) -> None:
    july = date(2026, 7, 21)
    koval = known.officials[KOVAL]
    alone = replace(known, officials={**known.officials, KOVAL: replace(koval, stands_in="")})
    assert alone.who_acts(alone.officials[KOVAL], july) is None
    boiko = replace(known.officials[BOIKO], away=koval.away)
    ring = replace(known, officials={**known.officials, BOIKO: boiko})
    assert ring.who_acts(koval, july) is None


def test_an_enterprise_is_one_entry_with_its_body_and_a_closed_one_is_none(known: Bodies) -> None:
    found = entries(known, [WATER, HEAT, replace(HEAT, id=3, short="Ліфти", active=False)])
    assert [(one.key, one.executor) for one in found] == [
        ("council", None),
        ("services", None),
        ("water", WATER),
        ("enterprise-2", HEAT),
    ]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("паспортом", ["services"]),
        ("начальницю відділу", ["council"]),
        ("тепломереж", ["enterprise-2"]),
        ("площа", ["council"]),
        ("04579 2-00-00", ["council", "services"]),
        ("0671234567", ["council"]),
        ("900031", ["water"]),
        ("паспорт тепломережа", []),
    ],
)
async def test_it_is_found_by_words_in_any_form_and_by_a_number(
    every: Sequence[Entry], typed: str, keys: list[str]
) -> None:
    assert [one.key for one in await having(every, typed, LEMMAS)] == keys


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("де мені поміняти паспорт", ["services"]),
        ("як подзвонити в міську раду", ["council"]),
        ("у місті темно", []),
        ("", []),
    ],
)
async def test_a_talk_is_offered_what_it_is_about(every: Sequence[Entry], said: str, keys: list[str]) -> None:
    assert [one.key for one in await fitting(every, await said_in(said, LEMMAS), LEMMAS)] == keys


def test_holidays_close_a_body_and_leave_what_works_day_and_night(known: Bodies) -> None:
    council, off = known.bodies["council"], DaysOff(once=frozenset({date(2026, 7, 2)}))
    always = replace(council, hours=ROUND_THE_CLOCK)

    def is_open(body: Body, day: int) -> bool:
        found = standing_of(body, off, datetime(2026, 7, day, 9, tzinfo=KYIV))
        return found is not None and found.open

    assert [is_open(council, day) for day in (1, 2, 3, 10)] == [True, False, True, False]
    assert [is_open(always, day) for day in (1, 2, 3, 10)] == [True, True, True, False]
    assert standing_of(known.bodies["services"], off, datetime(2026, 7, 1, 9, tzinfo=KYIV)) is None


def test_residents_are_shown_neither_inner_numbers_nor_people_who_are_not_chosen(known: Bodies) -> None:
    shown = shown_to_residents(known)
    assert list(shown.bodies) == ["council", "services"]
    assert list(shown.officials) == [KOVAL]
    assert shown.bodies["council"].inner == ()
    assert shown.who_acts(shown.officials[KOVAL], date(2026, 7, 2)) is None


def test_the_desk_dials_who_is_there_and_finds_them_by_whom_they_stand_in_for(known: Bodies) -> None:
    found = list(at_the_desk(known, datetime(2026, 7, 2, 9, tzinfo=KYIV), "uk"))
    assert [one.number for one in found] == [
        "+380457920000",
        "+380457920099",
        "+380457920000",
        "+380457921111",
        "+380671234567",
    ]
    assert KOVAL in found[-1].known_as
