"""Places for those who do not speak Ukrainian."""

import pytest

from hotline.city.addresses import Area, Side
from ivr_flows import english_places


@pytest.mark.parametrize(
    ("street", "there"),
    [
        ("Вільнюський квартал", "in Vilniuskyi Quarter"),
        ("вулиця Атомників", "on Atomnykiv Street"),
        ("Центральна площа", "on Tsentralna Square"),
        ("бульвар Лесі Українки", "on Lesi Ukrainky Boulevard"),
        ("вулиця Згурського", "on Zghurskoho Street"),
        ("вулиця Їжакевича", "on Yizhakevycha Street"),
        ("вулиця 8 Березня", "on 8 Bereznia Street"),
        ("Хутір", "at Khutir"),
    ],
)
def test_names_are_written_as_the_state_writes_them_in_latin(street: str, there: str) -> None:
    assert english_places.at(street) == there


@pytest.mark.parametrize(
    ("area", "houses"),
    [
        (Area(street="x"), ""),
        (Area(street="x", first=1, last=15), "houses one to fifteen"),
        (Area(street="x", first=1, last=15, side=Side.ODD), "houses one to fifteen, odd numbers only"),
        (Area(street="x", first=20), "houses from twenty on"),
        (Area(street="x", last=40), "houses up to forty"),
        (Area(street="x", first=7, last=7, letter="а"), "house seven, letter a"),
    ],
)
def test_houses_are_counted(area: Area, houses: str) -> None:
    assert english_places.houses(area) == houses
