"""Areas as people type them, one a line: `Київський квартал, 1-15 непарні`, `вулиця Атомників, 7а, 9`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotline.city.addresses import Area, Gazetteer, Side
from hotline.city.search_terms import normalised

NO_STREET = "There is no such street in the register of addresses: check the spelling."
UPSIDE_DOWN = "The first house has a higher number than the last."
NO_HOUSES = "Write houses such as 1-15, 7а or 1-15 odd, with commas between them."
CITY_AND_MORE = "The whole city and a street of it: leave one of them."
_CITY = frozenset({"усе місто", "все місто", "the whole city", "whole city"})
_ODD, _EVEN = (
    frozenset({"непарні", "непарна", "непарний", "odd"}),
    frozenset({"парні", "парна", "парний", "even"}),
)
_SIDES: Mapping[str, Side] = dict.fromkeys(_ODD, Side.ODD) | dict.fromkeys(_EVEN, Side.EVEN)
_WRITTEN: Mapping[Side, Mapping[str, str]] = {
    Side.BOTH: {"uk": "", "en": ""},
    Side.ODD: {"uk": "непарні", "en": "odd"},
    Side.EVEN: {"uk": "парні", "en": "even"},
}
_HOUSES = (
    r"(?:буд(?:инок|инки)?\.?\s*)?"
    r"(?:(?P<first>\d{1,4})(?:\s*-?\s*(?P<letter>[^\W\d_])(?!\w))?)?"
    r"\s*(?P<range>[-–—]\s*(?P<last>\d{1,4})?)?"
    rf"\s*(?P<side>{'|'.join(_SIDES)})?(?:\s+(?:сторона|бік|side))?"
)
_ITEM = re.compile(_HOUSES, re.IGNORECASE)
_WITHOUT_COMMA = re.compile(rf"(?P<street>.+?)\s+(?P<houses>{_HOUSES})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFault:
    """A line that cannot be read: the line, and why (English, to be translated)."""

    line: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAreas:
    """Typed areas, as read: areas, or the whole city, or the faults. Empty text is none of these."""

    areas: tuple[Area, ...] = ()
    city_wide: bool = False
    faults: tuple[AreaFault, ...] = ()
    """Every line that cannot be read, so that a person mends them at once."""

    @property
    def fault(self) -> AreaFault | None:
        """The first of them."""
        return self.faults[0] if self.faults else None


def read_areas(text: str, gazetteer: Gazetteer) -> TypedAreas:
    """Read lines, or parts between semicolons."""
    found: list[Area] = []
    faults: list[AreaFault] = []
    city_wide = False
    for line in filter(None, (" ".join(one.split()) for one in re.split(r"[\n;]", text))):
        if normalised(line) in _CITY:
            city_wide = True
            continue
        read = _line(line, gazetteer)
        if isinstance(read, str):
            faults.append(AreaFault(line=line, reason=read))
        else:
            found += read
    if city_wide and found:
        faults.append(AreaFault(line=area_text(found[0]), reason=CITY_AND_MORE))
    if faults:
        return TypedAreas(faults=tuple(dict.fromkeys(faults)))
    return TypedAreas(areas=tuple(dict.fromkeys(found)), city_wide=city_wide)


def area_text(area: Area, language: str = "uk") -> str:
    """Write an area as it is typed: `Київський квартал, 1–9`, `Київський квартал, 10–`, `…, 7а`."""
    first, last = area.first or "", area.last or ""
    houses = f"{first}{area.letter}" if area.first == area.last else f"{first}–{last}"
    side = _WRITTEN[area.side][language]
    said = f"{houses} {side}".strip()
    return f"{area.street}, {said}" if said else area.street


def areas_text(areas: Sequence[Area], language: str = "uk") -> str:
    """Write areas as they are typed, one a line; empty for none."""
    return "\n".join(area_text(one, language) for one in areas)


def read_line(line: str) -> Sequence[Area] | str:
    """Read one street with its houses as it is written, without asking the register; or return the fault."""
    street, *items = (part.strip() for part in " ".join(line.split()).split(","))
    return _areas(street, items) if street else NO_STREET


def _line(line: str, gazetteer: Gazetteer) -> Sequence[Area] | str:
    """Read a street with its houses, or return the fault."""
    name, *items = (part.strip() for part in line.split(","))
    if not items and gazetteer.street(name) is None and (apart := _WITHOUT_COMMA.fullmatch(name)):
        name, items = apart["street"], [apart["houses"]]
    street = gazetteer.street(name)
    return NO_STREET if street is None else _areas(street, items)


def _areas(street: str, items: Sequence[str]) -> Sequence[Area] | str:
    areas = []
    for item in filter(None, items):
        read = _houses(item, street)
        if isinstance(read, str):
            return read
        areas.append(read)
    return areas or [Area(street=street)]


def _houses(item: str, street: str) -> Area | str:
    found = _ITEM.fullmatch(item)
    if found is None or (found["letter"] and (found["range"] or found["side"])):
        return NO_HOUSES
    side = _SIDES[found["side"].casefold()] if found["side"] else Side.BOTH
    first = int(found["first"]) if found["first"] else None
    last = int(found["last"]) if found["last"] else None
    if first is None and last is None and side is Side.BOTH:
        return NO_HOUSES
    if not found["range"]:
        last = first
    if first is not None and last is not None and first > last:
        return UPSIDE_DOWN
    return Area(street=street, first=first, last=last, side=side, letter=(found["letter"] or "").casefold())
