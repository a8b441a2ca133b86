"""Lines of files on streets and houses, read and written."""

from collections.abc import Sequence

from hotline.city.addresses import Address, Street
from hotline.intake.lines import Cells, Column

ADDRESS_COLUMNS = (
    Column(
        name="street",
        uk="Вулиця або квартал",
        en="Street",
        needed=True,
        also=("Вулиця", "Квартал або вулиця"),
    ),
    Column(name="former", uk="Колишні назви", en="Former names", also=("Стара назва",)),
    Column(name="house", uk="Будинок", en="House", also=("Номер будинку",)),
    Column(name="quarter", uk="Квартал", en="Quarter"),
)


def read_address(cells: Cells) -> tuple[Street, Address]:
    """Read one line: a street or quarter with the names it had, and one house of it; raises Fault."""
    street = cells.needed("street")
    house = Address(street=street, house=cells.text("house", 20), quarter=cells.text("quarter"))
    return Street(name=street, former=cells.several("former")), house


def address_cells(street: Street, house: Address | None = None) -> Sequence[str]:
    own = (house.house, house.quarter) if house else ("", "")
    return street.name, "; ".join(street.former), *own
