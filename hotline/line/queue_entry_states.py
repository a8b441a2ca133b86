"""The machine of a queue entry, one caller's place in the line: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class QueueEntryState(StrEnum):
    """States of a caller's place in the line."""

    WAITING = "waiting"
    OFFERED = "offered"
    TALKING = "talking"
    LEFT = "left"


class QueueEntryEvent(StrEnum):
    """Events of a queue entry."""

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
    CUT_OFF = "cut-off"
    """A fault of ours ended the call: the place is kept, and they are called at once."""
    GO_ON = "go-on"
    """The call was taken for lost, and the talk in it goes on."""


QUEUE_ENTRY = Transitions(
    subject="The place in the line",
    initial=frozenset({QueueEntryState.WAITING, QueueEntryState.TALKING}),
    table={
        QueueEntryState.WAITING: {
            QueueEntryEvent.ENTER: QueueEntryState.WAITING,
            QueueEntryEvent.KEEP: QueueEntryState.WAITING,
            QueueEntryEvent.OFFER: QueueEntryState.OFFERED,
            QueueEntryEvent.LEAVE: QueueEntryState.LEFT,
            QueueEntryEvent.CUT_OFF: QueueEntryState.WAITING,
            QueueEntryEvent.GO_ON: QueueEntryState.TALKING,
        },
        QueueEntryState.OFFERED: {
            QueueEntryEvent.ENTER: QueueEntryState.WAITING,
            QueueEntryEvent.RETURN: QueueEntryState.WAITING,
            QueueEntryEvent.ANSWER: QueueEntryState.TALKING,
            QueueEntryEvent.LEAVE: QueueEntryState.LEFT,
            QueueEntryEvent.CUT_OFF: QueueEntryState.WAITING,
            QueueEntryEvent.GO_ON: QueueEntryState.TALKING,
        },
        QueueEntryState.TALKING: {
            QueueEntryEvent.ENTER: QueueEntryState.WAITING,
            QueueEntryEvent.TAKE_OVER: QueueEntryState.TALKING,
            QueueEntryEvent.END_TALK: QueueEntryState.TALKING,
            QueueEntryEvent.LEAVE: QueueEntryState.LEFT,
            QueueEntryEvent.CUT_OFF: QueueEntryState.WAITING,
            QueueEntryEvent.GO_ON: QueueEntryState.TALKING,
        },
        QueueEntryState.LEFT: {
            QueueEntryEvent.ENTER: QueueEntryState.WAITING,
            QueueEntryEvent.CALL_OUT: QueueEntryState.TALKING,
            QueueEntryEvent.CUT_OFF: QueueEntryState.WAITING,
            QueueEntryEvent.GO_ON: QueueEntryState.TALKING,
        },
    },
)
HOLDING = frozenset({QueueEntryState.OFFERED, QueueEntryState.TALKING})
"""The states of a queue entry whose dispatcher, if it has one, is engaged."""
