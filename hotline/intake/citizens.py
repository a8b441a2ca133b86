"""Lines of files on citizens, read and written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hotline.appeals.registering import NewPerson
from hotline.city.search_terms import normalised
from hotline.intake.lines import Cells, Column, LineFault
from hotline.intake.numbers import read_number
from hotline.people.benefits import benefits

NO_CATEGORY = "There is no such category of applicants: take its number, such as 7.14, or its name."

CITIZEN_COLUMNS = (
    Column(
        name="name", uk="Прізвище, ім’я, по батькові", en="Name", needed=True, also=("ПІБ", "ПІП", "Заявник")
    ),
    Column(name="address", uk="Адреса", en="Address"),
    Column(name="numbers", uk="Телефони", en="Telephones", also=("Телефон", "Telephone", "Phone")),
    Column(name="benefits", uk="Категорії (пільги)", en="Categories", also=("Пільги", "Benefits")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCitizen(NewPerson):
    """A person and the codes of their categories. Who has the same name and address is the same person."""

    benefits: tuple[str, ...] = ()


def read_citizen(cells: Cells) -> NewCitizen:
    """Read one line; raises Fault."""
    return NewCitizen(
        name=cells.needed("name"),
        address=cells.text("address"),
        numbers=tuple(
            dict.fromkeys(read_number(one, "numbers") for one in _numbers(cells.values.get("numbers", "")))
        ),
        benefits=tuple(dict.fromkeys(_benefit(one) for one in cells.several("benefits"))),
    )


def citizen_cells(of: NewCitizen) -> Sequence[str]:
    return of.name, of.address, "; ".join(of.numbers), "; ".join(of.benefits)


def _numbers(text: str) -> Sequence[str]:
    return [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]


def _benefit(text: str) -> str:
    wanted = normalised(text)
    for code, one in benefits().items():
        if wanted in (normalised(code), normalised(one.uk), normalised(one.en)):
            return code
    raise LineFault("benefits", NO_CATEGORY)
