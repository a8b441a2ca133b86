"""The city's register of addresses: quarters, streets and houses, found by old names and in any spelling."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

from hotline.city.search_terms import normalised

_NUMBER = re.compile(r"(\d+)\s*(\w?)(?!\w)")
_KINDS: Mapping[str, frozenset[str]] = {
    "street": frozenset({"вул", "вулиця"}),
    "avenue": frozenset({"пр", "просп", "проспект", "прт"}),
    "boulevard": frozenset({"б", "бр", "бул", "бульв", "бульвар"}),
    "square": frozenset({"пл", "площа"}),
    "lane": frozenset({"пров", "провулок"}),
    "quarter": frozenset({"кв", "квл", "квартал"}),
}
_ABBREVIATED = re.compile(r"\b(пр|б|кв)\s*-\s*(кт|т|р|л)\b", re.IGNORECASE)
_JOINED = {"кт": "пр", "т": "пр", "р": "бр", "л": "квл"}
_CITY = frozenset({"м", "місто", "славутич"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A quarter or a street as it is called now. `former` are the names it had."""

    name: str
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStreet:
    """A street that was searched for; `alias` is the old name by which it was found, if it was by one."""

    name: str
    alias: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One house of the register. `street` is the present name of a street or a quarter.

    `house` is as people write it, without flat (`7а`); empty: the whole street. `quarter` is the quarter of
    the house, where the register names one.
    """

    street: str
    house: str = ""
    quarter: str = ""

    @property
    def text(self) -> str:
        return f"{self.street}, {self.house}" if self.house else self.street


class Side(StrEnum):
    """Of a street with a range of houses: which of them."""

    BOTH = "both"
    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A street or quarter by its present name, whole or from one house number to another, both included.

    A `letter` makes it that single house (`first` is its number): 7а, and not 7.
    """

    street: str
    first: int | None = None
    last: int | None = None
    side: Side = Side.BOTH
    letter: str = ""

    @property
    def whole(self) -> bool:
        return self.first is None and self.last is None and self.side is Side.BOTH

    def holds(self, address: str) -> bool:
        """Whether the address as written lies in it; one without a house number only in a whole street."""
        street, there = normalised(self.street), normalised(address)
        if there != street and not there.startswith(street + " "):
            return False
        return self._has(there[len(street) :].strip())

    def covers(self, address: Address) -> bool:
        """Whether the address lies in this area, by its street, or by the quarter of the house.

        An address without a house lies in any area of its street.
        """
        own = _key(self.street)
        if _key(address.street) == own:
            return not address.house or self._has(normalised(address.house))
        return self.whole and _key(address.quarter) == own

    def meets(self, other: "Area") -> bool:
        """Whether some house may lie in both."""
        if normalised(self.street) != normalised(other.street):
            return False
        if self.side is not other.side and Side.BOTH not in (self.side, other.side):
            return False
        if self.letter and other.letter and self.letter != other.letter:
            return False
        starts_within = (self.first or 0) <= (other.last or _ENDLESS)
        return starts_within and (other.first or 0) <= (self.last or _ENDLESS)

    def _has(self, house: str) -> bool:
        if self.whole:
            return True
        found = _NUMBER.match(house)
        if found is None or not (self.first or 0) <= int(found[1]) <= (self.last or _ENDLESS):
            return False
        if self.letter:
            return found[2] == normalised(self.letter)
        odd = int(found[1]) % 2 == 1
        return self.side is Side.BOTH or odd is (self.side is Side.ODD)


_ENDLESS = 1_000_000


@lru_cache(maxsize=4096)
def _key(street: str) -> str:
    """Give the form in which names of the register are compared: hundreds, and every caller compares them."""
    return normalised(street)


def house_number(address: Address) -> tuple[int, str] | None:
    """Take the house apart: `7а` → (7, "а"). None for a street alone, and where no number begins it."""
    found = _NUMBER.match(normalised(address.house))
    return None if found is None else (int(found[1]), found[2])


class Gazetteer:
    """Finds the addresses that a typed text stands for. Made of the whole register, and immutable."""

    def __init__(self, names: Iterable[tuple[str, str]], quarters: Mapping[tuple[str, str], str]) -> None:
        """Take (a name, the present one) of each name, and (present street, house) → quarter of houses."""
        names = list(names)
        self.names: Sequence[tuple[str, str]] = names
        """A name of each, former ones too → the present one."""
        self._quarters = quarters
        self._with_houses = frozenset(street for street, _ in quarters)
        self._known: dict[frozenset[str], list[tuple[str, str]]] = defaultdict(list)
        for name, present in names:
            words = _words(name)
            self._known[frozenset(_bare(words))].append((_kind(words), present))
        self._longest = max(map(len, self._known), default=0)

    def locate(self, text: str) -> Address | None:
        """Give the one house or street that the text names; None for an unknown one, and where two fit.

        Kind of street, order of words, old names, `м. Славутич` before, the flat behind: all the same.
        """
        words = [word for word in _words(text) if word not in _CITY]
        found = max(self._begun(words), key=lambda one: one[0], default=None)
        if found is None or len(found[1]) != 1:
            return None
        count, (street,) = found
        house = _house(words[count:])
        return Address(street=street, house=house, quarter=self._quarters.get((street, house), ""))

    def street(self, name: str) -> str | None:
        """Give the present name of the street that all of the text names; None for any other text."""
        words = _words(name)
        fitting = [streets for count, streets in self._begun(words) if count == len(words)]
        if not fitting or len(fitting[0]) != 1:
            return None
        (street,) = fitting[0]
        return street

    def bare_names(self) -> Mapping[str, str]:
        """Give all names, the former ones too, in capitals and without the kind of street → present name."""
        return {" ".join(_bare(_words(name))).upper(): present for name, present in self.names}

    def letters(self, street: str, number: str) -> Sequence[str]:
        """Give the letters of houses that have this number there: `а`, `б`."""
        numbered = (_NUMBER.match(house) for one, house in self._quarters if one == street)
        return sorted(found[2] for found in numbered if found and found[1] == number and found[2])

    def at(self, street: str, house: str) -> Address:
        """Give the address of a house, with its quarter where the register knows it."""
        return Address(
            street=street, house=house, quarter=self._quarters.get((street, normalised(house)), "")
        )

    def streets(self) -> frozenset[str]:
        """Give the present names of all streets and quarters."""
        return frozenset(present for _, present in self.names)

    def houses(self) -> frozenset[tuple[str, str]]:
        """Give all houses, each as its `key`."""
        return frozenset(self._quarters)

    def knows_houses_of(self, street: str) -> bool:
        """Whether the register has houses of a street by its present name."""
        return street in self._with_houses

    def key(self, street: str, house: str) -> tuple[str, str]:
        return street, normalised(house)

    def has(self, street: str, house: str) -> bool:
        """Whether the register has this house of a street by its present name."""
        return self.key(street, house) in self._quarters

    def _begun(self, words: Sequence[str]) -> Iterable[tuple[int, set[str]]]:
        for count in range(1, len(words) + 1):
            bare = frozenset(_bare(words[:count]))
            if len(bare) > self._longest:
                return
            if alike := self._known.get(bare):
                kind = _kind(words[:count])
                fitting = {street for one, street in alike if one == kind} if kind else set()
                yield count, fitting or {street for _, street in alike}


def _words(text: str) -> list[str]:
    joined = _ABBREVIATED.sub(lambda found: _JOINED[found[2].casefold()], text)
    return normalised(joined).split()


def _bare(words: Sequence[str]) -> list[str]:
    """Leave out the words that only say that it is a street; a name of nothing else keeps them."""
    kinds = frozenset().union(*_KINDS.values())
    return [word for word in words if word not in kinds] or list(words)


def _kind(words: Sequence[str]) -> str:
    return next((kind for kind, names in _KINDS.items() if names & set(words)), "")


def _house(words: Sequence[str]) -> str:
    """`буд 7 а кв 12` → `7а`."""
    rest = iter(words)
    for word in rest:
        if word[0].isdigit():
            letter = next(rest, "")
            return word + letter if word.isdigit() and len(letter) == 1 and letter.isalpha() else word
    return ""


class Streets(Protocol):
    """The register of streets."""

    async def add(self, streets: Sequence[Street]) -> None:
        """Enter streets; raises AlreadyTaken when one of the names exists."""
        ...

    async def find(self, text: str, limit: int = 8) -> Sequence[FoundStreet]:
        """Find streets, each once, with words that begin as those of the text before the first digit do."""
        ...

    async def houses(self, street: str) -> Sequence[str]:
        """Give the houses of a street by its present name, as the register writes them, in their order."""
        ...

    async def present(self, address: str) -> str:
        """Write the address with the street's present name where it begins with an old one."""
        ...

    async def gazetteer(self) -> Gazetteer:
        """Give the register as it was a moment ago, to locate addresses without waiting."""
        ...


def demo_streets() -> Sequence[Street]:
    """The quarters and streets of Slavutych."""
    read = tomllib.loads(files("hotline").joinpath("data/streets.toml").read_text("utf-8"))
    return [Street(name=one["name"], former=tuple(one.get("former", ()))) for one in read["street"]]
