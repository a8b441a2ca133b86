import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.city.addresses import Area, Gazetteer, Side, demo_streets
from hotline.city.area_notation import (
    CITY_AND_MORE,
    NO_HOUSES,
    NO_STREET,
    UPSIDE_DOWN,
    AreaFault,
    area_text,
    areas_text,
    read_areas,
)

GAZETTEER = Gazetteer(
    [(name, street.name) for street in demo_streets() for name in (street.name, *street.former)], {}
)
QUARTER = "Київський квартал"


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("Київський квартал", Area(street=QUARTER)),
        ("кв-л Київський, 7", Area(street=QUARTER, first=7, last=7)),
        ("Київський квартал 7", Area(street=QUARTER, first=7, last=7)),
        ("Київський квартал, буд. 7 А", Area(street=QUARTER, first=7, last=7, letter="а")),
        ("Київський квартал, 7-а", Area(street=QUARTER, first=7, last=7, letter="а")),
        ("Київський квартал 1-15", Area(street=QUARTER, first=1, last=15)),
        ("Київський квартал, 1 – 15 непарні", Area(street=QUARTER, first=1, last=15, side=Side.ODD)),
        ("Київський квартал, парна сторона", Area(street=QUARTER, side=Side.EVEN)),
        ("Київський квартал, 10-", Area(street=QUARTER, first=10)),
        ("Київський квартал, –9", Area(street=QUARTER, last=9)),
        ("вул. 77-ї Гвардійської дивізії 5", Area(street="вулиця Збройних Сил України", first=5, last=5)),
        ("вул. Курчатова, odd", Area(street="вулиця Атомників", side=Side.ODD)),
    ],
)
def test_a_line_is_a_street_or_quarter_whole_or_some_of_its_houses(typed: str, area: Area) -> None:
    assert read_areas(typed, GAZETTEER).areas == (area,)


def test_lines_and_parts_of_a_line_are_areas_of_their_own_each_once() -> None:
    read = read_areas("Київський квартал, 1-5, 7а\r\n\nРизький квартал; Ризький квартал", GAZETTEER)
    assert read.areas == (
        Area(street=QUARTER, first=1, last=5),
        Area(street=QUARTER, first=7, last=7, letter="а"),
        Area(street="Ризький квартал"),
    )


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("Хрещатик, 1", AreaFault(line="Хрещатик, 1", reason=NO_STREET)),
        (
            "Ризький квартал\nКиївський квартал біля школи",
            AreaFault(line="Київський квартал біля школи", reason=NO_STREET),
        ),
        ("Бєлгородський, 3", AreaFault(line="Бєлгородський, 3", reason=NO_STREET)),
        ("Київський квартал, 9-3", AreaFault(line="Київський квартал, 9-3", reason=UPSIDE_DOWN)),
        ("Київський квартал, 1..15", AreaFault(line="Київський квартал, 1..15", reason=NO_HOUSES)),
        ("Київський квартал, 7а-9", AreaFault(line="Київський квартал, 7а-9", reason=NO_HOUSES)),
        ("усе місто\nРизький квартал", AreaFault(line="Ризький квартал", reason=CITY_AND_MORE)),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line_and_nothing_is_guessed(
    typed: str, fault: AreaFault
) -> None:
    assert read_areas(typed, GAZETTEER).fault == fault


def test_every_line_that_cannot_be_read_is_told_at_once() -> None:
    faults = read_areas("Хрещатик\nКиївський квартал, 9-3\nРизький квартал; Лісосіка", GAZETTEER).faults
    assert [one.line for one in faults] == ["Хрещатик", "Київський квартал, 9-3", "Лісосіка"]


def test_the_whole_city_is_written_in_words_and_nothing_typed_is_not_the_whole_city() -> None:
    assert read_areas("Усе місто", GAZETTEER).city_wide
    assert not read_areas(" \n ", GAZETTEER).city_wide


_houses = st.one_of(
    st.builds(
        lambda number, letter: (number, number, Side.BOTH, letter),
        st.integers(1, 999),
        st.sampled_from("абвґіїя"),
    ),
    st.builds(
        lambda numbers, side: (*numbers, side, ""),
        st.tuples(st.none() | st.integers(1, 99), st.none() | st.integers(99, 999)),
        st.sampled_from(Side),
    ),
)


@given(st.sampled_from([one.name for one in demo_streets()]), _houses, st.sampled_from(["uk", "en"]))
def test_what_is_written_is_read_as_the_same(
    street: str, houses: tuple[int | None, int | None, Side, str], language: str
) -> None:
    first, last, side, letter = houses
    area = Area(street=street, first=first, last=last, side=side, letter=letter)
    assert read_areas(area_text(area, language), GAZETTEER).areas == (area,)


def test_several_are_written_one_a_line() -> None:
    both = (Area(street=QUARTER, first=7, last=7), Area(street="Ризький квартал"))
    assert areas_text(both) == "Київський квартал, 7\nРизький квартал"
