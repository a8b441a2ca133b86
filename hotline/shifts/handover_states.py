"""The machine of a hand-over: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class HandoverState(StrEnum):
    """The state of a hand-over."""

    DRAFT = "draft"
    HANDED_OVER = "handed-over"
    """Signed by the outgoing one: what is open and the remarks change no more."""
    ASKED = "asked"
    """The incoming one has asked, and waits for an answer."""
    TAKEN_OVER = "taken-over"
    """Signed by the incoming one."""


class HandoverEvent(StrEnum):
    """Events of a hand-over."""

    SAVE = "save"
    HAND_OVER = "hand-over"
    ASK = "ask"
    ANSWER = "answer"
    TAKE_OVER = "take-over"


HANDOVER = Transitions(
    subject="The hand-over",
    initial=frozenset({HandoverState.DRAFT}),
    table={
        HandoverState.DRAFT: {
            HandoverEvent.SAVE: HandoverState.DRAFT,
            HandoverEvent.HAND_OVER: HandoverState.HANDED_OVER,
        },
        HandoverState.HANDED_OVER: {
            HandoverEvent.ASK: HandoverState.ASKED,
            HandoverEvent.TAKE_OVER: HandoverState.TAKEN_OVER,
        },
        HandoverState.ASKED: {
            HandoverEvent.ANSWER: HandoverState.HANDED_OVER,
            HandoverEvent.TAKE_OVER: HandoverState.TAKEN_OVER,
        },
        HandoverState.TAKEN_OVER: {},
    },
)
"""The incoming one may sign without an answer: the outgoing one may have gone home."""
