"""The room on the disk of the state: enough, low (derived files go), or too little to record calls."""

from dataclasses import dataclass
from enum import StrEnum


class Room(StrEnum):
    """Degrees of free room."""

    AMPLE = "ample"
    LOW = "low"
    """Prompts and listening copies, which can be made anew, are deleted, the oldest first."""
    SPENT = "spent"
    """Calls are still answered, and may soon not be recorded any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskThresholds:
    """Free bytes below which room is low, or spent."""

    low: int = 2048 * 2**20
    spent: int = 512 * 2**20

    def room(self, free: int) -> Room:
        if free < self.spent:
            return Room.SPENT
        return Room.LOW if free < self.low else Room.AMPLE
