"""Requests to the lists in the generated year: pages as dispatchers, heads and observers open them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

from hotline.appeals.appeal import AppealKind, AppealState, Sign
from hotline.appeals.lists import Due, Order
from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency, classifier
from tests.bench.year import BEGAN, EXECUTORS, REGISTRARS, YEAR, Year

SEED = 858
_WORDS = (
    *("труба", "немає води", "гарячої води", "сміття", "ліфт", "ліхтар під'їзд", "опалення холодні", "дах"),
    *("просимо майстра", "собаки", "автобус", "ожеледиця", "щури у підвалі", "дах тече", "немає", "біля"),
)
_STREETS = (*(street.name for street in demo_streets()), "Курчатова", "Невська", "Московський квартал")


def asks(year: Year) -> Iterator[tuple[str, str]]:
    """Give kinds of pages in turn and their addresses, the same every time; without an end."""
    chance = Random(SEED)  # noqa: S311 - the same every time
    while True:
        for kind, ask in KINDS.items():
            yield kind, ask(chance, year)


def _list(asked: Mapping[str, object]) -> str:
    return "/appeals?" + urlencode({name: str(value) for name, value in asked.items()})


def _first(chance: Random, _year: Year) -> str:
    return _list({"order": chance.choice(list(Order)), "state": chance.choice(["", "open"])})


def _filter(chance: Random, _year: Year) -> str:
    """One to three conditions at once."""
    return _list(dict(chance.sample(_conditions(chance), chance.choice((1, 1, 2, 2, 3)))))


def _term(chance: Random, _year: Year) -> str:
    asked = {"due": chance.choice(list(Due)), "order": chance.choice(["", "term"])}
    return _list(asked | dict(chance.sample(_conditions(chance), chance.choice((0, 1)))))


def _deep(chance: Random, year: Year) -> str:
    """A page far behind the first one."""
    index = chance.randrange(year.appeals)
    order = chance.choice(list(Order))
    place = {"order": order, "at": year.at(index).isoformat(), "behind": year.number_of(index)}
    return _list(place | dict(chance.sample(_conditions(chance), chance.choice((0, 1)))))


def _text(chance: Random, _year: Year) -> str:
    return _list({"text": chance.choice(_WORDS)})


def _text_and_filter(chance: Random, _year: Year) -> str:
    """Words and one or two conditions at once."""
    asked = {"text": chance.choice(_WORDS)}
    return _list(asked | dict(chance.sample(_conditions(chance), chance.choice((1, 1, 2)))))


def _card(chance: Random, year: Year) -> str:
    return f"/appeals/{year.number_of(chance.randrange(year.appeals))}"


def _number(chance: Random, year: Year) -> str:
    number = year.number_of(chance.randrange(year.appeals))
    return _list({"number": number[: chance.choice((3, 5, 8))]})


def _conditions(chance: Random) -> Sequence[tuple[str, object]]:
    day = BEGAN + timedelta(days=chance.randrange(YEAR.days))
    return [
        ("state", chance.choice(list(AppealState))),
        ("category", chance.choice(list(classifier().categories))),
        ("executor", chance.choice([*range(1, EXECUTORS + 1), "none"])),
        ("urgency", chance.choice(list(Urgency))),
        ("kind", chance.choice(list(AppealKind))),
        ("sign", chance.choice(list(Sign))),
        ("by", chance.randint(1, REGISTRARS)),
        ("address", f"{chance.choice(_STREETS)} {chance.choice(['', chance.randint(1, 90)])}".strip()),
        ("from", day.date().isoformat()),
        ("to", (day + timedelta(days=30)).date().isoformat()),
    ]


KINDS: Mapping[str, Callable[[Random, Year], str]] = {
    "first": _first,
    "filter": _filter,
    "term": _term,
    "deep": _deep,
    "text": _text,
    "text_and_filter": _text_and_filter,
    "number": _number,
    "card": _card,
}
