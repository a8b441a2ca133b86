"""Outages and alerts of this moment: the list, and the map shaded by it. Numbers join the two."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cti_server.city_now.sources import CityNowSources
from hotline.city.addresses import Address, Area, Gazetteer
from hotline.city.city_map import WIDTH, KeptMap, Point, Shape
from hotline.city.classifier import Utility
from hotline.outages.on_map import Shade, ShadedMap
from hotline.outages.outage import OutageKind
from hotline.power.queues import power_queues
from hotline.power.reported import against_schedule

MOST_LISTED = 12
MOST_LABELS = 40
"""Areas beyond are not named on the map: the names would lie upon one another."""
_KINDS_OF_PLACE = frozenset({"квартал", "вулиця", "проспект", "бульвар", "площа", "провулок", "мікрорайон"})


class Severity(StrEnum):
    """How a place on the map is shaded; the first one of those that concern it."""

    EMERGENCY = "emergency"
    OUTAGE = "outage"
    ALERT = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """An outage that holds, or an alert that nobody has decided on. `number` stands on the map as well."""

    number: int
    id: int
    severity: Severity
    utility: Utility
    kind: OutageKind | None
    areas: Sequence[Area]
    since: datetime
    until: datetime | None
    voices: int = 0
    """Of an alert: how many people say so."""
    against: bool = False
    """By the schedule there is power there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A word on the map: the name of an area, and the numbers of what is off there."""

    at: Point
    text: str
    numbers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMap:
    """The map as paths of SVG: the city, then what is shaded, by severity and by how much of it."""

    width: int
    height: int
    areas: str
    lines: str
    houses: str
    shaded: Mapping[tuple[Severity, Shade], str]
    labels: Sequence[Label]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """All that is off, the gravest first; `more` are how many are not listed."""

    off: Sequence[Off]
    outages: int
    alerts: int
    map: DrawnMap | None

    @property
    def listed(self) -> Sequence[Off]:
        return self.off[:MOST_LISTED]

    @property
    def more(self) -> int:
        return len(self.off) - len(self.listed)


class MapRoom:
    """Keeps the shapes of the newest map found by their addresses, for as long as neither changes.

    The map of a city with all its houses takes a third of a second to shade: that is done in a thread, and
    once for all pages that show the same.
    """

    def __init__(self) -> None:
        self._made_of: tuple[int, Gazetteer] | None = None
        self._shaded = ShadedMap((), _unknown)
        self._city = ("", "", "")
        self._drawing = asyncio.Lock()
        self._drawn: tuple[object, DrawnMap] | None = None

    async def draw(self, kept: KeptMap, gazetteer: Gazetteer, off: Sequence[Off]) -> DrawnMap:
        """Shade the map by what is off."""
        wanted = kept.id, gazetteer, [(one.number, one.severity, [*one.areas]) for one in off]
        async with self._drawing:
            if self._drawn is None or self._drawn[0] != wanted:
                self._drawn = wanted, await asyncio.to_thread(self._draw, kept, gazetteer, off)
            return self._drawn[1]

    def _draw(self, kept: KeptMap, gazetteer: Gazetteer, off: Sequence[Off]) -> DrawnMap:
        if self._made_of is None or self._made_of[0] != kept.id or self._made_of[1] is not gazetteer:
            self._made_of = kept.id, gazetteer
            self._shaded = ShadedMap(
                kept.map.shapes, lambda street, house: _address(gazetteer, street, house)
            )
            self._city = _drawn_city(kept.map.shapes)
        areas, lines, houses = self._city
        shades: dict[int, tuple[Severity, Shade]] = {}
        numbers: dict[int, list[int]] = defaultdict(list)
        for one in off:
            for index, shade in self._shaded.shaded(one.areas).items():
                shades.setdefault(index, (one.severity, shade))
                numbers[index].append(one.number)
        paths: dict[tuple[Severity, Shade], list[str]] = defaultdict(list)
        for index, shaded in shades.items():
            paths[shaded].append(kept.map.shapes[index].path)
        return DrawnMap(
            width=WIDTH,
            height=kept.map.height,
            areas=areas,
            lines=lines,
            houses=houses,
            shaded={shade: "".join(found) for shade, found in sorted(paths.items(), reverse=True)},
            labels=[*_labels(kept.map.shapes, numbers)],
        )


async def read_places(sources: CityNowSources, room: MapRoom) -> Places:
    now = sources.clock.now()
    outages, alerts = await sources.outages.now(now), await sources.alerts.open()
    known = await sources.power.known()
    off = [
        Off(
            number=number,
            id=one.id,
            severity=Severity.EMERGENCY if one.kind is OutageKind.EMERGENCY else Severity.OUTAGE,
            utility=one.utility,
            kind=one.kind,
            areas=one.areas,
            since=one.starts_at,
            until=one.expected_end,
        )
        for number, one in enumerate(outages, 1)
    ]
    off += [
        Off(
            number=number,
            id=one.id,
            severity=Severity.ALERT,
            utility=one.utility,
            kind=None,
            areas=one.areas,
            since=one.opened_at,
            until=None,
            voices=one.voices,
            against=one.utility is Utility.POWER
            and against_schedule(known, power_queues(), one.areas, now, sources.timezone),
        )
        for number, one in enumerate(alerts, len(off) + 1)
    ]
    kept = await sources.maps.newest()
    drawn = None if kept is None else await room.draw(kept, await sources.streets.gazetteer(), off)
    return Places(off=off, outages=len(outages), alerts=len(alerts), map=drawn)


def _unknown(street: str, house: str) -> Address:
    return Address(street=street, house=house)


def _address(gazetteer: Gazetteer, street: str, house: str) -> Address:
    """Give the register's address of a shape; one that the register does not know keeps its name."""
    return gazetteer.at(gazetteer.street(street) or street, house)


def _drawn_city(shapes: Sequence[Shape]) -> tuple[str, str, str]:
    houses = "".join(one.path for one in shapes if one.house)
    areas = "".join(one.path for one in shapes if not one.house and one.closed)
    return areas, "".join(one.path for one in shapes if not one.house and not one.closed), houses


def _labels(shapes: Sequence[Shape], numbers: Mapping[int, Sequence[int]]) -> Iterator[Label]:
    """Name the areas, and write the numbers where something is off; houses give them to their area."""
    areas = [index for index, one in enumerate(shapes) if not one.house and one.closed]
    within: dict[str, set[int]] = defaultdict(set)
    for index, found in numbers.items():
        within[shapes[index].street] |= {*found}
    for index in areas:
        there = sorted(within.get(shapes[index].street, ()))
        text = _short(shapes[index].street) if len(areas) <= MOST_LABELS else ""
        if text or there:
            yield Label(at=shapes[index].middle, text=text, numbers=", ".join(map(str, there)))


def _short(name: str) -> str:
    """Leave out the word that says what kind of place it is: it stands a dozen times beside one another."""
    words = [word for word in name.split() if word.casefold() not in _KINDS_OF_PLACE]
    return " ".join(words) or name
