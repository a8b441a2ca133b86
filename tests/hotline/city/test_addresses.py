import pytest

from hotline.city.addresses import Address, Area, Gazetteer, Side, demo_streets

GAZETTEER = Gazetteer(
    [(name, street.name) for street in demo_streets() for name in (street.name, *street.former)],
    {("вулиця Атомників", "5"): "Київський квартал"},
)
QUARTER = "Київський квартал"


@pytest.mark.parametrize(
    ("written", "street", "house"),
    [
        ("вул. Курчатова, 5, кв. 12", "вулиця Атомників", "5"),
        ("ВУЛ.АТОМНИКІВ 5", "вулиця Атомників", "5"),
        ("Київський кв-л 7а", QUARTER, "7а"),
        ("кв-л Київський, буд. 7 а", QUARTER, "7а"),
        ("Вільнюський", "Вільнюський квартал", ""),
        ("м. Славутич, Центральна площа, 7", "Центральна площа", "7"),
        ("пр-т Дружби народів, 12", "проспект Незалежності", "12"),
        ("б-р Лесі Українки, 7", "бульвар Лесі Українки", "7"),
        ("77-ї Гвардійської дивізії 4", "вулиця Збройних Сил України", "4"),
    ],
)
def test_an_address_is_found_however_it_is_written(written: str, street: str, house: str) -> None:
    found = GAZETTEER.locate(written)
    assert found is not None
    assert (found.street, found.house) == (street, house)


def test_the_kind_of_street_decides_between_two_that_had_one_name() -> None:
    quarter, boulevard = GAZETTEER.locate("Бєлгородський квартал 3"), GAZETTEER.locate("Бєлгородський б-р 3")
    assert quarter == Address(street="Дніпровський квартал", house="3")
    assert boulevard == Address(street="бульвар Лесі Українки", house="3")
    assert GAZETTEER.locate("Бєлгородський 3") is None


@pytest.mark.parametrize("written", ["", "вулиця", "7", "вулиця Хрещатик, 1", "без адреси"])
def test_what_the_register_does_not_know_is_nowhere(written: str) -> None:
    assert GAZETTEER.locate(written) is None


def test_a_house_lies_in_its_quarter_as_well() -> None:
    found = GAZETTEER.locate("Атомників 5")
    assert found is not None
    assert found.quarter == QUARTER
    assert Area(street=QUARTER).covers(found)
    assert not Area(street=QUARTER, first=5, last=5).covers(found)


@pytest.mark.parametrize(
    ("area", "houses"),
    [
        (Area(street=QUARTER), {"1", "2", "7", "7а", "30"}),
        (Area(street=QUARTER, first=2, last=7), {"2", "7", "7а"}),
        (Area(street=QUARTER, first=7), {"7", "7а", "30"}),
        (Area(street=QUARTER, side=Side.ODD), {"1", "7", "7а"}),
        (Area(street=QUARTER, first=7, last=7, letter="А"), {"7а"}),
    ],
)
def test_an_area_covers_its_houses_and_no_others(area: Area, houses: set[str]) -> None:
    all_houses = ("1", "2", "7", "7а", "30")
    assert {one for one in all_houses if area.covers(Address(street=QUARTER, house=one))} == houses


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (Area(street=QUARTER), Area(street="квартал Київський"), False),
        (Area(street=QUARTER), Area(street=QUARTER, first=3, last=3), True),
        (Area(street=QUARTER, first=1, last=5), Area(street=QUARTER, first=6), False),
        (Area(street=QUARTER, side=Side.ODD), Area(street=QUARTER, side=Side.EVEN), False),
    ],
)
def test_areas_meet_where_a_house_may_lie_in_both(one: Area, other: Area, *, meet: bool) -> None:
    assert one.meets(other) is meet
    assert other.meets(one) is meet
