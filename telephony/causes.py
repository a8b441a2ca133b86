"""Why a channel ended (ISDN causes of ITU-T Q.850), and what that says of a call in the hotline's words."""

from hotline.calls.call import Outcome

NO_SUCH_NUMBER = 1
NORMAL_CLEARING = 16
BUSY = 17
SUBSCRIBER_ABSENT = 20
OUT_OF_ORDER = 27
"""The phone itself is gone: the cause of a call whose browser was closed, reloaded or killed."""
FAILURE = 41
"""The network's temporary failure."""
TALKS_ELSEWHERE = FAILURE
"""Of a desk behind the edge: SIP's 409, with which that refuses to ring who talks by a node's own queue.

It alone says so: of a telephone's own 409 it makes 486. (Of an answer Asterisk reads no header Reason.)
"""
CONGESTION = 34
"""SIP's 503, with which Asterisk itself ends a ring whose connection to the phone is closed already."""
NOT_REACHABLE = frozenset({3, SUBSCRIBER_ABSENT, OUT_OF_ORDER, 38})
"""The phone is not there at all: no route, absent, out of order, network."""
UNANSWERED = frozenset({0, NORMAL_CLEARING})
"""An ordinary end, of a call that nobody had answered: it rang in vain."""
OUTCOMES = {
    NO_SUCH_NUMBER: Outcome.NOT_IN_USE,
    BUSY: Outcome.BUSY,
    18: Outcome.NO_ANSWER,
    19: Outcome.NO_ANSWER,
    SUBSCRIBER_ABSENT: Outcome.NO_ANSWER,
    21: Outcome.REFUSED,
    22: Outcome.NOT_IN_USE,
    28: Outcome.NOT_IN_USE,
}
"""As Asterisk makes causes of SIP's answers; all others are the network's failures."""


def outcome_of_cause(cause: int | None) -> Outcome:
    """Tell how a call went that nobody answered, where only the cause of its end is known."""
    return Outcome.NO_ANSWER if cause in UNANSWERED else OUTCOMES.get(cause or 0, Outcome.FAILED)
