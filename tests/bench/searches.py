"""Searches in the generated city: as dispatchers type them, finished or only begun."""

from collections.abc import Callable, Iterator, Mapping
from random import Random

from hotline.city.search_terms import words
from tests.bench.city import Size, number_of
from tests.bench.city_words import address, person, summary

SEED = 4579
LONG_ENOUGH = 4
_COMMON = (
    *("труба", "трубою", "немає", "вода", "води", "світла", "будинку", "сміття", "біля", "будинок", "дах"),
    *("у під'їзді", "гарячою водою", "немає води", "сусідів", "майстер", "квартал", "вулиця", "прошу"),
)
_NOWHERE_TOGETHER = ("вода світло", "ліхтар гойдалка", "собаки опалення", "ліфт асфальт щури")
_OLD_STREETS = ("Курчатова", "Невська", "Московський квартал", "Дружби народів", "Бєлгородський бульвар")
Chance = Random


def searches(size: Size) -> Iterator[tuple[str, str]]:
    """Give kinds (number, name, text) in turn and what is typed, the same every time; without an end."""
    chance = Random(SEED)  # noqa: S311 - the same every time
    while True:
        for kind, typed in KINDS.items():
            yield kind, typed(chance, size)


def _number(chance: Chance, size: Size) -> str:
    number = number_of(chance.randrange(size.citizens), size)
    return chance.choice(
        [
            number,
            f"0{number[4:]}",
            f"({number[4:7]}) {number[7:9]}-{number[9:11]}-{number[11:]}",
            number[-chance.randint(3, 7) :],
            f"9{chance.randrange(size.appeals):07d}"[: chance.choice((4, 6, 8))],
        ]
    )


def _name(chance: Chance, _size: Size) -> str:
    surname, name, _father = person(chance).split()
    return chance.choice(
        [
            surname,
            name,
            surname[: chance.randint(1, 5)],
            f"{name} {surname}",
            f"{surname[:3]} {name[:2]}",
            f"{name[:1]} {surname[:1]}",
        ]
    )


def _text(chance: Chance, _size: Size) -> str:
    said = [word for word in words(summary(chance)) if len(word) >= LONG_ENOUGH]
    street, house, _flat = address(chance).split(", ")
    return chance.choice(
        [
            chance.choice(_COMMON),
            chance.choice(said),
            " ".join(chance.sample(said, min(3, len(said)))),
            f"{said[0]} {said[1][:3]}",
            chance.choice(said)[: chance.randint(1, 6)],
            chance.choice(_NOWHERE_TOGETHER),
            f"{street} {house}",
            f"{said[0]} {street}",
            f"{chance.choice(_OLD_STREETS)} {house}",
        ]
    )


KINDS: Mapping[str, Callable[[Chance, Size], str]] = {"number": _number, "name": _name, "text": _text}
