"""The machine of a memo: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class MemoState(StrEnum):
    """The state of a memo."""

    DRAFT = "draft"
    SENT = "sent"
    """It has a number and a date, and waits for its answer."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DEFERRED = "deferred"
    """Put off by whom it was sent to; it waits for its answer still."""
    DROPPED = "dropped"
    """Never sent."""


class MemoEvent(StrEnum):
    """Events of a memo."""

    SAVE = "save"
    SEND = "send"
    DROP = "drop"
    ACCEPT = "accept"
    DECLINE = "decline"
    DEFER = "defer"


_ANSWERS = {
    MemoEvent.ACCEPT: MemoState.ACCEPTED,
    MemoEvent.DECLINE: MemoState.DECLINED,
    MemoEvent.DEFER: MemoState.DEFERRED,
}
MEMO = Transitions(
    subject="The memo",
    initial=frozenset({MemoState.DRAFT}),
    table={
        MemoState.DRAFT: {
            MemoEvent.SAVE: MemoState.DRAFT,
            MemoEvent.SEND: MemoState.SENT,
            MemoEvent.DROP: MemoState.DROPPED,
        },
        MemoState.SENT: _ANSWERS,
        MemoState.DEFERRED: _ANSWERS,
        MemoState.ACCEPTED: {},
        MemoState.DECLINED: {},
        MemoState.DROPPED: {},
    },
)
WAITING = frozenset({MemoState.SENT, MemoState.DEFERRED})
