"""The machine of a notice in the outbox: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class NoticeState(StrEnum):
    """How far a notice got."""

    OWED = "owed"
    CLAIMED = "claimed"
    """Somebody is handing it over at this moment."""
    SENT = "sent"
    """Handed over to the gateway that carries it; for a page: seen."""
    DELIVERED = "delivered"
    """The gateway says that it has reached the recipient's device."""
    FAILED = "failed"
    """Given up; a person decides."""
    NEEDLESS = "needless"
    """Nobody needs to be told any more: somebody else had accepted it before it was their turn, another way
    was taken, or what is told is not so any more."""
    UNSURE = "unsure"
    """The service died while handing it over, or the gateway gave no answer: nobody knows whether it went.

    It is not sent again unless the gateway never had it, or takes the same one twice.
    """


class NoticeEvent(StrEnum):
    """Events of a notice."""

    CLAIM = "claim"
    HAND_OVER = "hand-over"
    """It was handed over, whatever was thought of it before."""
    RETRY = "retry"
    """It was surely not handed over, and is owed again after a while."""
    GIVE_UP = "give-up"
    LOSE = "lose"
    """Nobody knows whether it was handed over."""
    CALLED_IN_VAIN = "called-in-vain"
    """The call that it is reached nobody, and another follows."""
    NOT_REACHED = "not-reached"
    """The call that it is reached nobody, and none follows."""
    SEE = "see"
    """Its recipient has read it on their page."""
    UNSEE = "unsee"
    """It stands on their page again: that it was read was a slip."""
    CONFIRM = "confirm"
    """The gateway says that it has it; so the next three, of what it knows."""
    DELIVER = "deliver"
    BOUNCE = "bounce"
    MISS = "miss"
    """The gateway never had it."""
    DECIDE = "decide"
    """A person says that the recipient knows."""
    SEND_AGAIN = "send-again"
    """A person has it sent again."""
    TAKE_BACK = "take-back"


NOTICE = Transitions(
    subject="The notice",
    initial=frozenset({NoticeState.OWED}),
    table={
        NoticeState.OWED: {
            NoticeEvent.CLAIM: NoticeState.CLAIMED,
            NoticeEvent.HAND_OVER: NoticeState.SENT,
            # A call: who has claimed it stands with its job.
            NoticeEvent.CALLED_IN_VAIN: NoticeState.OWED,
            NoticeEvent.NOT_REACHED: NoticeState.FAILED,
            NoticeEvent.SEE: NoticeState.SENT,
            # A database that was restored: what was owed then may have gone since.
            NoticeEvent.LOSE: NoticeState.UNSURE,
            NoticeEvent.TAKE_BACK: NoticeState.NEEDLESS,
        },
        NoticeState.CLAIMED: {
            NoticeEvent.HAND_OVER: NoticeState.SENT,
            NoticeEvent.RETRY: NoticeState.OWED,
            NoticeEvent.GIVE_UP: NoticeState.FAILED,
            NoticeEvent.LOSE: NoticeState.UNSURE,
            NoticeEvent.TAKE_BACK: NoticeState.NEEDLESS,
        },
        NoticeState.SENT: {
            NoticeEvent.UNSEE: NoticeState.OWED,
            NoticeEvent.HAND_OVER: NoticeState.SENT,
            NoticeEvent.CONFIRM: NoticeState.SENT,
            NoticeEvent.DELIVER: NoticeState.DELIVERED,
            NoticeEvent.BOUNCE: NoticeState.FAILED,
        },
        NoticeState.DELIVERED: {NoticeEvent.HAND_OVER: NoticeState.DELIVERED},
        NoticeState.FAILED: {
            NoticeEvent.HAND_OVER: NoticeState.SENT,
            NoticeEvent.DECIDE: NoticeState.SENT,
            NoticeEvent.SEND_AGAIN: NoticeState.OWED,
            NoticeEvent.TAKE_BACK: NoticeState.NEEDLESS,
        },
        NoticeState.NEEDLESS: {NoticeEvent.HAND_OVER: NoticeState.SENT},
        NoticeState.UNSURE: {
            NoticeEvent.HAND_OVER: NoticeState.SENT,
            # The service only seemed to have died: it knows by now.
            NoticeEvent.RETRY: NoticeState.OWED,
            NoticeEvent.GIVE_UP: NoticeState.FAILED,
            NoticeEvent.LOSE: NoticeState.UNSURE,
            NoticeEvent.CONFIRM: NoticeState.SENT,
            NoticeEvent.DELIVER: NoticeState.DELIVERED,
            NoticeEvent.BOUNCE: NoticeState.FAILED,
            NoticeEvent.MISS: NoticeState.OWED,
            NoticeEvent.DECIDE: NoticeState.SENT,
            NoticeEvent.SEND_AGAIN: NoticeState.OWED,
            NoticeEvent.TAKE_BACK: NoticeState.NEEDLESS,
        },
    },
)
UNDECIDED = NOTICE.sources(NoticeEvent.DECIDE)
"""A person says what becomes of these."""
