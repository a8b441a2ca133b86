"""What the flows may ask the city: its registers, its line, its clock."""

from dataclasses import dataclass
from datetime import tzinfo

from hotline.appeals import Appeals
from hotline.clock import Clock
from hotline.line import Line
from hotline.outages import Outages


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The city as a conversation needs it."""

    outages: Outages
    appeals: Appeals
    line: Line
    clock: Clock
    timezone: tzinfo
    announce_seconds: float
    """How often a waiting caller is told where they stand."""
