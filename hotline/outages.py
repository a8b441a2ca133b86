"""Outages: what is off in the city, since when and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Utility(StrEnum):
    """What a household can be without."""

    WATER = "water"
    HOT_WATER = "hot-water"
    HEAT = "heat"
    POWER = "power"
    GAS = "gas"
    OTHER = "other"


class OutageKind(StrEnum):
    """Why it is off (regulation 3.2). An emergency is announced before anybody asks."""

    PLANNED = "planned"
    UNPLANNED = "unplanned"
    REPAIR = "repair"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """One outage of the whole city. Times are aware UTC; `expected_end` None is "not known yet"."""

    id: int
    utility: Utility
    kind: OutageKind
    starts_at: datetime
    expected_end: datetime | None
    ended_at: datetime | None = None


class Outages(Protocol):
    """The register of outages."""

    async def now(self, at: datetime) -> Sequence[Outage]:
        """Give the outages of the whole city that hold at this moment, emergencies first, then the oldest."""
        ...

    async def enter(
        self, utility: Utility, kind: OutageKind, starts_at: datetime, expected_end: datetime | None
    ) -> Outage: ...

    async def end(self, outage_id: int, at: datetime) -> None: ...
