"""The machine of a question that has no answer yet: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class MissingState(StrEnum):
    """The state of a question that was noted because no article answered it."""

    OPEN = "open"
    ANSWERED = "answered"
    """By an article, written for it or found."""
    DISMISSED = "dismissed"
    """It is none for the knowledge base; the reason says why."""


class MissingEvent(StrEnum):
    """Events of such a question."""

    PASS_ON = "pass-on"  # noqa: S105 - the name of an event
    """Another answers for it from now on."""
    ANSWER = "answer"
    DISMISS = "dismiss"
    READ = "read"
    """The user who noted it has seen what came of it."""


MISSING = Transitions(
    subject="The question without an answer",
    initial=frozenset({MissingState.OPEN}),
    table={
        MissingState.OPEN: {
            MissingEvent.PASS_ON: MissingState.OPEN,
            MissingEvent.ANSWER: MissingState.ANSWERED,
            MissingEvent.DISMISS: MissingState.DISMISSED,
        },
        MissingState.ANSWERED: {MissingEvent.READ: MissingState.ANSWERED},
        MissingState.DISMISSED: {MissingEvent.READ: MissingState.DISMISSED},
    },
)
