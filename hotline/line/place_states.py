"""The machine of a place in the line: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class PlaceState(StrEnum):
    """A caller's place in the line."""

    WAITING = "waiting"
    OFFERED = "offered"
    TALKING = "talking"
    LEFT = "left"


class PlaceEvent(StrEnum):
    """Events of a place."""

    ENTER = "enter"
    """The caller stands in the line, or does so again: an offer is withdrawn, a talk is over."""
    KEEP = "keep"
    """The caller hangs up and is called when it is their turn."""
    OFFER = "offer"
    RETURN = "return"
    """The offer came to nothing."""
    ANSWER = "answer"
    CALL_OUT = "call-out"
    """A dispatcher places the call: it has a place without having waited."""
    TAKE_OVER = "take-over"
    """Another dispatcher talks with the caller from now on, or the one who called them does."""
    END_TALK = "end-talk"
    """The dispatcher is out of the talk, and nobody's place it is until the caller waits again or goes."""
    LEAVE = "leave"


PLACE = Transitions(
    subject="The place in the line",
    initial=frozenset({PlaceState.WAITING, PlaceState.TALKING}),
    table={
        PlaceState.WAITING: {
            PlaceEvent.ENTER: PlaceState.WAITING,
            PlaceEvent.KEEP: PlaceState.WAITING,
            PlaceEvent.OFFER: PlaceState.OFFERED,
            PlaceEvent.LEAVE: PlaceState.LEFT,
        },
        PlaceState.OFFERED: {
            PlaceEvent.ENTER: PlaceState.WAITING,
            PlaceEvent.RETURN: PlaceState.WAITING,
            PlaceEvent.ANSWER: PlaceState.TALKING,
            PlaceEvent.LEAVE: PlaceState.LEFT,
        },
        PlaceState.TALKING: {
            PlaceEvent.ENTER: PlaceState.WAITING,
            PlaceEvent.TAKE_OVER: PlaceState.TALKING,
            PlaceEvent.END_TALK: PlaceState.TALKING,
            PlaceEvent.LEAVE: PlaceState.LEFT,
        },
        PlaceState.LEFT: {
            PlaceEvent.ENTER: PlaceState.WAITING,
            PlaceEvent.CALL_OUT: PlaceState.TALKING,
        },
    },
)
HOLDING = frozenset({PlaceState.OFFERED, PlaceState.TALKING})
"""The states of a place whose dispatcher, if it has one, is engaged."""
