"""The machine of a swap: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class SwapState(StrEnum):
    """The state of a swap."""

    OFFERED = "offered"
    AGREED = "agreed"
    """Somebody takes the shift: the head has to approve."""
    DONE = "done"
    """It stands in the roster."""
    REFUSED = "refused"
    """The colleague does not want the shift, or the head says no."""
    WITHDRAWN = "withdrawn"


class SwapEvent(StrEnum):
    """Events of a swap."""

    AGREE = "agree"
    DECLINE = "decline"
    """By the colleague to whom it was offered."""
    APPROVE = "approve"
    REFUSE = "refuse"
    """By the head."""
    WITHDRAW = "withdraw"


SWAP = Transitions(
    subject="The swap",
    initial=frozenset({SwapState.OFFERED}),
    table={
        SwapState.OFFERED: {
            SwapEvent.AGREE: SwapState.AGREED,
            SwapEvent.DECLINE: SwapState.REFUSED,
            SwapEvent.WITHDRAW: SwapState.WITHDRAWN,
        },
        SwapState.AGREED: {
            SwapEvent.APPROVE: SwapState.DONE,
            SwapEvent.REFUSE: SwapState.REFUSED,
            SwapEvent.WITHDRAW: SwapState.WITHDRAWN,
        },
        SwapState.DONE: {},
        SwapState.REFUSED: {},
        SwapState.WITHDRAWN: {},
    },
)
"""A shift that has begun is swapped no more, whatever the state: an offer ends with it."""
