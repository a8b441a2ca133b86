"""The machine of an arranged call: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class ScheduledState(StrEnum):
    """The state of an arranged call. One that somebody is calling now is DUE with a claim."""

    DUE = "due"
    DONE = "done"
    GIVEN_UP = "given-up"


class ScheduledEvent(StrEnum):
    """Events of an arranged call."""

    CLAIM = "claim"
    """Somebody makes it now."""
    TRY = "try"
    """In vain: it is due again later."""
    MOVE = "move"
    """To another moment."""
    REACH = "reach"
    """Whom it was arranged with was reached, or it was settled in another way."""
    GIVE_UP = "give-up"


SCHEDULED = Transitions(
    subject="The arranged call",
    initial=frozenset({ScheduledState.DUE}),
    table={
        ScheduledState.DUE: {
            ScheduledEvent.CLAIM: ScheduledState.DUE,
            ScheduledEvent.TRY: ScheduledState.DUE,
            ScheduledEvent.MOVE: ScheduledState.DUE,
            ScheduledEvent.REACH: ScheduledState.DONE,
            ScheduledEvent.GIVE_UP: ScheduledState.GIVEN_UP,
        },
        ScheduledState.DONE: {},
        ScheduledState.GIVEN_UP: {},
    },
)
