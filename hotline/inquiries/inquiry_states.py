"""The machine of a request for information to an enterprise (regulation 4.2): its states, and who acts."""

from enum import StrEnum

from hotline.transitions import Transitions


class InquiryState(StrEnum):
    """The state of a request. One whose answer is owed is overdue once its term is over."""

    ASKED = "asked"
    ANSWERED = "answered"
    """The centre reads the answer."""
    RETURNED = "returned"
    """The answer was not enough: another is owed by a new term."""
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    """Nobody waits for an answer any more; the reason says why."""


class InquiryAct(StrEnum):
    """Acts on a request."""

    ANSWER = "answer"
    """By the enterprise, or noted by the centre where it came on paper or by telephone."""
    ACCEPT = "accept"
    RETURN = "return"
    """By the centre, with a word on what is missing and another term."""
    WITHDRAW = "withdraw"


INQUIRY = Transitions(
    subject="The request for information",
    initial=frozenset({InquiryState.ASKED}),
    table={
        InquiryState.ASKED: {
            InquiryAct.ANSWER: InquiryState.ANSWERED,
            InquiryAct.WITHDRAW: InquiryState.WITHDRAWN,
        },
        InquiryState.ANSWERED: {
            InquiryAct.ACCEPT: InquiryState.ACCEPTED,
            InquiryAct.RETURN: InquiryState.RETURNED,
            InquiryAct.WITHDRAW: InquiryState.WITHDRAWN,
        },
        InquiryState.RETURNED: {
            InquiryAct.ANSWER: InquiryState.ANSWERED,
            InquiryAct.WITHDRAW: InquiryState.WITHDRAWN,
        },
        InquiryState.ACCEPTED: {},
        InquiryState.WITHDRAWN: {},
    },
)
OWED = INQUIRY.sources(InquiryAct.ANSWER)
"""An answer is owed in these."""
TO_READ = INQUIRY.sources(InquiryAct.ACCEPT)
"""The centre owes a word in these."""
