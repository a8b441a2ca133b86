"""Ports of the pages of other cities' lines."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.access.tokens import Tokens
from hotline.clock import Clock
from hotline.neighbours.agreement import Agreement, Agreements, NewAgreement
from hotline.neighbours.copy import CityCopy
from hotline.neighbours.taken import TakenAppeals

ReadCity = Callable[[str, str], Awaitable[tuple[str, CityCopy]]]
"""Reads a city at an address with a key, as text and as what it says; raises NotRead."""


class EntersAgreements(Protocol):
    """Enters an agreement by which we answer, with its key sealed."""

    async def __call__(self, new: NewAgreement, *, key: str, copy: str) -> Agreement:
        """Raises AlreadyTaken."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourSources:
    """The agreements, and the way to the other cities."""

    agreements: Agreements
    taken: TakenAppeals
    tokens: Tokens
    read: ReadCity
    enter: EntersAgreements
    clock: Clock
    timezone: ZoneInfo
    address: str
    """Of our own hotline, as the other city reaches it."""
    own_number: str
    """Our own telephone, E.164."""
    brought: Sequence[str] = ()
    """Other cities' numbers that the trunk brings, by the settings."""


NEIGHBOURS: web.AppKey[NeighbourSources] = web.AppKey("neighbours")
