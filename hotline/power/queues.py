"""The queue of each house (черга ГПВ): data of the city, one line for a street and its houses."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from hotline.city.addresses import Address, Area
from hotline.city.area_notation import read_line
from hotline.city.search_terms import normalised
from hotline.documents.document import DocumentKind
from hotline.documents.faults import Flaw
from hotline.documents.in_force import InForce
from hotline.documents.reading import Fields, document_of, note_doubled
from hotline.power.schedule import in_order

_LONGEST_QUEUE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """Who cuts the power, and where one asks about one's own account."""

    uk: str
    en: str
    phone: str
    page: str
    executor: str = ""
    """The short name of its enterprise in the register, whose program may tell the schedules."""

    def called(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.uk


@dataclass(frozen=True, kw_only=True)
class PowerQueues:
    """Queues by place as it is written (`Київський квартал, 1–9`), each with the areas of it."""

    supplier: Supplier
    queues: Mapping[str, str]
    areas: Mapping[str, Sequence[Area]]

    def at(self, address: Address) -> Sequence[str]:
        """Give the queues of a house, by number: none where nobody knows, two where a house has both."""
        if not address.house:
            return ()
        found = [
            self.queues[place]
            for name in dict.fromkeys((normalised(address.street), normalised(address.quarter)))
            for place, area in self._by_street.get(name, ())
            if area.covers(address)
        ]
        return sorted(set(found), key=in_order)

    @cached_property
    def together(self) -> Collection[Sequence[str]]:
        """Give each set of queues that a house at the end of a place has, of several."""
        ends = (
            Address(street=area.street, house=f"{number}{area.letter}")
            for areas in self.areas.values()
            for area in areas
            for number in {area.first or 1, (area.first or 1) + 1, area.last or area.first or 1}
        )
        return {found for one in ends if len(found := tuple(self.at(one))) > 1}

    @cached_property
    def _by_street(self) -> Mapping[str, Sequence[tuple[str, Area]]]:
        by_street: dict[str, list[tuple[str, Area]]] = defaultdict(list)
        for place, areas in self.areas.items():
            for area in areas:
                by_street[normalised(area.street)].append((place, area))
        return by_street


def read_power_queues(text: str, _version: int) -> PowerQueues:
    """Read the queues; raises DocumentFaults."""
    document = document_of(text)
    rows = document.rows("house", needed=False)
    read = [(row, *_place(row)) for row in rows]
    note_doubled(((row, place) for row, place, _ in read), "place")
    made = PowerQueues(
        supplier=Supplier(
            uk=document.text("supplier_uk", needed=False),
            en=document.text("supplier_en", needed=False),
            phone=document.text("phone", needed=False),
            page=document.text("page", needed=False),
            executor=document.text("executor", needed=False),
        ),
        queues={place: row.text("queue", longest=_LONGEST_QUEUE) for row, place, _ in read},
        areas={place: areas for _, place, areas in read},
    )
    document.end()
    return made


POWER_QUEUES = InForce(DocumentKind.POWER_QUEUES, read_power_queues)


def power_queues() -> PowerQueues:
    """Give the queues in force."""
    return POWER_QUEUES.get()


def _place(row: Fields) -> tuple[str, Sequence[Area]]:
    place = row.text("place")
    row.known_as(place)
    areas = read_line(place) if place else ()
    if isinstance(areas, str):
        row.note(Flaw.NO_PLACE, "place", value=place)
        return place, ()
    return place, areas
