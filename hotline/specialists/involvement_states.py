"""The machine of drawing a specialist into a matter (regulation 4.4): consent, their conclusion, the end."""

from enum import StrEnum

from hotline.transitions import Transitions


class InvolvementState(StrEnum):
    """The state of a specialist's part in a matter; with its last moment it is over in any of them."""

    ASKED = "asked"
    """Their manager has not answered yet."""
    AGREED = "agreed"
    """The specialist sees the matter."""
    REPORTED = "reported"
    """They have written their conclusion, and see the matter still."""
    REFUSED = "refused"
    """The manager does not consent, or no longer."""
    ENDED = "ended"


class InvolvementAct(StrEnum):
    """Acts on it."""

    AGREE = "agree"
    """By the manager."""
    REFUSE = "refuse"
    """By the manager, with a reason; consent that was given is taken back so."""
    REPORT = "report"
    """By the specialist: their conclusion."""
    END = "end"
    """By the centre: what came of it was read, or nobody is needed any more."""


INVOLVEMENT = Transitions(
    subject="The specialist's part",
    initial=frozenset({InvolvementState.ASKED}),
    table={
        InvolvementState.ASKED: {
            InvolvementAct.AGREE: InvolvementState.AGREED,
            InvolvementAct.REFUSE: InvolvementState.REFUSED,
            InvolvementAct.END: InvolvementState.ENDED,
        },
        InvolvementState.AGREED: {
            InvolvementAct.REPORT: InvolvementState.REPORTED,
            InvolvementAct.REFUSE: InvolvementState.REFUSED,
            InvolvementAct.END: InvolvementState.ENDED,
        },
        InvolvementState.REPORTED: {
            InvolvementAct.REPORT: InvolvementState.REPORTED,
            InvolvementAct.REFUSE: InvolvementState.REFUSED,
            InvolvementAct.END: InvolvementState.ENDED,
        },
        InvolvementState.REFUSED: {InvolvementAct.END: InvolvementState.ENDED},
        InvolvementState.ENDED: {},
    },
)
TAKES_PART = INVOLVEMENT.sources(InvolvementAct.REPORT)
"""The specialist sees the matter in these."""
TO_READ = frozenset({InvolvementState.REPORTED, InvolvementState.REFUSED})
"""The centre reads what came of it in these."""
