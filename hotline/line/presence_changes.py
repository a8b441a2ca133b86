"""The log of the dispatchers' presence, as programs follow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.line.presence_states import Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceLine:
    """A dispatcher is something else from then on."""

    id: int
    dispatcher_id: int
    presence: Presence
    reason: str
    at: datetime


class PresenceChanges(Protocol):
    """The presence of all dispatchers as one sequence."""

    async def lines(self, place: int, limit: int) -> Sequence[PresenceLine]:
        """Give the lines after a place, of which none before can appear any more; 0 is the beginning."""
        ...

    async def lately(self, limit: int) -> Sequence[PresenceLine]:
        """Give the newest lines, the earliest of them first."""
        ...

    async def place_of(self, since: datetime) -> int:
        """Give the place before the first line of that moment or later."""
        ...
