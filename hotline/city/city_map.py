"""The city's own map: quarters, streets and houses as shapes on a plane of whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

WIDTH = 1000
"""Of the plane; how high it is follows from the city."""
Point = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A quarter or a street (no `house`), or a house. Names are the register's, as the file has them.

    `rings` are the outlines of an area, or the pieces of a line that is not `closed`.
    """

    street: str
    house: str = ""
    rings: tuple[tuple[Point, ...], ...]
    closed: bool = True

    @property
    def path(self) -> str:
        """Write it as the `d` of an SVG path."""
        end = "Z" if self.closed else ""
        return "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + end for ring in self.rings)

    @property
    def middle(self) -> Point:
        """Give the middle of its first outline, where it is labelled."""
        xs, ys = zip(*self.rings[0], strict=True)
        return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """How the plane lies on the Earth (WGS 84): its upper left corner, and units for a degree of latitude.

    A degree of longitude has `narrower` times as many.
    """

    west: float
    north: float
    scale: float
    narrower: float

    def degrees(self, point: Point) -> tuple[float, float]:
        """Give latitude and longitude of a point, to about a thousandth of the city's width."""
        x, y = point
        return self.north - y / self.scale, self.west + x / self.scale / self.narrower


@dataclass(frozen=True, slots=True, kw_only=True)
class CityMap:
    """All shapes: areas first, then lines, then houses, in the order in which they are drawn."""

    height: int
    shapes: tuple[Shape, ...]
    plane: Plane | None = None
    """None: of a map that was put before this was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMap:
    """One version of the map, with the name of its file."""

    id: int
    made_at: datetime
    source: str
    map: CityMap


class CityMaps(Protocol):
    """The versions of the map."""

    async def newest(self) -> KeptMap | None:
        """Give the one that is shown; each page asks, and so it is answered from memory."""
        ...

    async def put(self, new: CityMap, *, source: str, at: datetime) -> KeptMap:
        """Keep it as the one that is shown from now on."""
        ...

    async def draft(self) -> KeptMap | None:
        """Give the one that was brought in and is not shown yet."""
        ...

    async def bring(self, new: CityMap, *, source: str, at: datetime) -> KeptMap:
        """Keep it as the draft, in the place of another."""
        ...

    async def put_draft(self, draft_id: int, at: datetime) -> KeptMap:
        """Show the draft from now on; raises Outdated when it is not this one, or there is none."""
        ...

    async def drop_draft(self, draft_id: int) -> None:
        """Forget the draft; raises Outdated as `put_draft` does."""
        ...


def drawn_in_order(shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    return tuple(sorted(shapes, key=lambda one: (bool(one.house), not one.closed)))
