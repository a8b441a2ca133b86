"""The state machine of a statement for media and the Internet (regulation 3.4), and the role of each act.

The person who wrote a statement, or a correction of it, never approves it: a second person does.
"""

from enum import StrEnum

from hotline.errors import ForbiddenTransition
from hotline.transitions import Transitions


class StatementState(StrEnum):
    """The state of a statement. Whether residents read it already is said by its versions' moments."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    """Waits for the second person."""
    APPROVED = "approved"
    """Public from its moment on."""
    CORRECTING = "correcting"
    """A correction is being written; residents read the version before it meanwhile."""
    CORRECTION_SUBMITTED = "correction-submitted"
    """The correction waits for the second person."""
    WITHDRAWN = "withdrawn"
    """Residents read no more than that it was withdrawn, and why."""
    DISCARDED = "discarded"
    """A draft that was deleted: nobody outside has seen it."""


class StatementAct(StrEnum):
    """Acts on a statement."""

    CHANGE = "change"
    SUBMIT = "submit"
    TAKE_BACK = "take-back"
    REFUSE = "refuse"
    """The second person sends it back, and says why."""
    APPROVE = "approve"
    CORRECT = "correct"
    """Somebody begins a correction; from then on they are its author."""
    DROP = "drop"
    """The correction is given up: the version before it stands."""
    WITHDRAW = "withdraw"
    """Who withdraws it says why."""
    DISCARD = "discard"


BY_AUTHOR = frozenset(
    {StatementAct.CHANGE, StatementAct.SUBMIT, StatementAct.TAKE_BACK, StatementAct.DISCARD}
)
BY_SECOND_PERSON = frozenset({StatementAct.REFUSE, StatementAct.APPROVE})

STATEMENT = Transitions(
    subject="The statement",
    initial=frozenset({StatementState.DRAFT}),
    table={
        StatementState.DRAFT: {
            StatementAct.CHANGE: StatementState.DRAFT,
            StatementAct.SUBMIT: StatementState.SUBMITTED,
            StatementAct.DISCARD: StatementState.DISCARDED,
        },
        StatementState.SUBMITTED: {
            StatementAct.TAKE_BACK: StatementState.DRAFT,
            StatementAct.REFUSE: StatementState.DRAFT,
            StatementAct.APPROVE: StatementState.APPROVED,
        },
        StatementState.APPROVED: {
            StatementAct.CORRECT: StatementState.CORRECTING,
            StatementAct.WITHDRAW: StatementState.WITHDRAWN,
        },
        StatementState.CORRECTING: {
            StatementAct.CHANGE: StatementState.CORRECTING,
            StatementAct.SUBMIT: StatementState.CORRECTION_SUBMITTED,
            StatementAct.DROP: StatementState.APPROVED,
            StatementAct.WITHDRAW: StatementState.WITHDRAWN,
        },
        StatementState.CORRECTION_SUBMITTED: {
            StatementAct.TAKE_BACK: StatementState.CORRECTING,
            StatementAct.REFUSE: StatementState.CORRECTING,
            StatementAct.APPROVE: StatementState.APPROVED,
            StatementAct.WITHDRAW: StatementState.WITHDRAWN,
        },
        StatementState.WITHDRAWN: {},
        StatementState.DISCARDED: {},
    },
)
WAITING = STATEMENT.sources(StatementAct.APPROVE)
"""These wait for the second person."""
UNFINISHED = WAITING | STATEMENT.sources(StatementAct.SUBMIT)
"""These wait for the second person, or are being written."""


def may(act: StatementAct, user_id: int, author_id: int) -> bool:
    """Tell if this user may do the act, whatever the state."""
    if act in BY_AUTHOR:
        return user_id == author_id
    return act not in BY_SECOND_PERSON or user_id != author_id


def require_person(act: StatementAct, user_id: int, author_id: int) -> None:
    """Raise ForbiddenTransition where the act is not this user's."""
    if not may(act, user_id, author_id):
        raise ForbiddenTransition("%(event)s is for another person.", event=act.value)
