"""The machine of a place in the line: its states, and what happens to them."""

from enum import StrEnum


class PlaceState(StrEnum):
    """A caller's place in the line."""

    WAITING = "waiting"
    OFFERED = "offered"
    TALKING = "talking"
    LEFT = "left"


HOLDING = frozenset({PlaceState.OFFERED, PlaceState.TALKING})
"""The states of a place whose dispatcher, if it has one, is engaged."""
