"""The places on the map where something is off, by the rule that callers are told by (`Area.covers`)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from hotline.city.addresses import Address, Area
from hotline.city.city_map import Shape
from hotline.city.search_terms import normalised

Locate = Callable[[str, str], Address]
"""The address of a shape, by its street and house: the register knows the present name and the quarter."""


class Shade(StrEnum):
    """How much of a shape is concerned."""

    WHOLE = "whole"
    PART = "part"
    """Some houses, which the map does not have."""


class ShadedMap:
    """The shapes of a map, found by the areas that concern them. Made once for each version of it."""

    def __init__(self, shapes: Sequence[Shape], locate: Locate) -> None:
        self._addresses = [locate(one.street, one.house) for one in shapes]
        self._of_street: dict[str, list[int]] = defaultdict(list)
        self._of_quarter: dict[str, list[int]] = defaultdict(list)
        for index, address in enumerate(self._addresses):
            self._of_street[normalised(address.street)].append(index)
            if address.quarter:
                self._of_quarter[normalised(address.quarter)].append(index)

    def shaded(self, areas: Sequence[Area]) -> Mapping[int, Shade]:
        """Tell the shapes that the areas concern, by their indexes; no areas: the whole city."""
        if not areas:
            return dict.fromkeys(range(len(self._addresses)), Shade.WHOLE)
        found: dict[int, Shade] = {}
        for area in areas:
            for index in self._near(area):
                shade = self._shade(area, index)
                if shade is not None and found.get(index) is not Shade.WHOLE:
                    found[index] = shade
        return found

    def _near(self, area: Area) -> Sequence[int]:
        key = normalised(area.street)
        within = self._of_quarter.get(key, ()) if area.whole else ()
        return [*self._of_street.get(key, ()), *within]

    def _shade(self, area: Area, index: int) -> Shade | None:
        address = self._addresses[index]
        if address.house:
            return Shade.WHOLE if area.covers(address) else None
        if area.whole:
            return Shade.WHOLE if area.covers(address) else None
        there = self._of_street[normalised(address.street)]
        return None if any(self._addresses[one].house for one in there) else Shade.PART
