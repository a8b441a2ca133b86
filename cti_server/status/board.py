"""The state of lines and equipment (regulation 6.7), without a word about any citizen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import web

from hotline.retention.room import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """Numbers of the moment."""

    waiting: int
    talking: int
    on_duty: int


class Board(Protocol):
    """The hotline's public state."""

    async def parts(self) -> Mapping[str, bool]:
        """Each part that calls depend on (`asterisk`, `database`) → whether it works."""
        ...

    def background(self) -> Mapping[str, bool]:
        """Each thing that no call waits for (`escalation`, `journal`, `city_data` …) → whether it is well."""
        ...

    def store_away_since(self) -> datetime | None:
        """Tell since when the store of recordings elsewhere has not answered; None while it does."""
        ...

    def defects(self) -> Mapping[str, int]:
        """Each truth of the line → how often it was found broken, and healed, since the service started."""
        ...

    def room(self) -> Room:
        """Tell the room that the disk has for recordings and rows; spent: talks go on, nothing is kept."""
        ...

    def free(self) -> int:
        """Give the free bytes of that disk."""
        ...

    def roles(self) -> Mapping[str, int]:
        """Give each role that processes may have (`web`, `telephony` …) → how many have it now."""
        ...

    def nodes(self) -> Mapping[str, bool]:
        """Give each Asterisk node, where there are several → whether it serves its callers."""
        ...

    async def line(self) -> LineState: ...


BOARD: web.AppKey[Board] = web.AppKey("board")
