"""The state machine of an order to inform residents (regulation 2.8), and the role of each act.

The person who prepared an order never approves it: a second person does.
"""

from enum import StrEnum

from hotline.errors import ForbiddenTransition
from hotline.transitions import Transitions


class OrderState(StrEnum):
    """The state of an order."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    """Waits for the second person."""
    APPROVED = "approved"
    """Begins when it is time."""
    PREPARING = "preparing"
    """The service looks up its people; the first get their notices already."""
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """For good: people who were not informed yet will not be. A draft that was deleted ends here as well."""
    DONE = "done"


class OrderAct(StrEnum):
    """Acts on an order."""

    CHANGE = "change"
    SUBMIT = "submit"
    TAKE_BACK = "take-back"
    REFUSE = "refuse"
    """The second person sends it back, and says why."""
    APPROVE = "approve"
    BEGIN = "begin"
    """Its time has come."""
    RUN = "run"
    """Everybody was looked up."""
    PAUSE = "pause"
    RESUME = "resume"
    REPEAT = "repeat"
    """Another round for the people whom it did not reach."""
    FINISH = "finish"
    """Nobody is left to be told."""
    STOP = "stop"
    """For good; who stops it says why."""
    DISCARD = "discard"
    """A draft is deleted: nobody has seen it."""


BY_AUTHOR = frozenset({OrderAct.CHANGE, OrderAct.SUBMIT, OrderAct.TAKE_BACK})
BY_SECOND_PERSON = frozenset({OrderAct.REFUSE, OrderAct.APPROVE})
BY_SERVICE = frozenset({OrderAct.BEGIN, OrderAct.RUN, OrderAct.FINISH})
"""All other acts are those of each person who may prepare orders."""

ORDER = Transitions(
    subject="The order",
    initial=frozenset({OrderState.DRAFT}),
    table={
        OrderState.DRAFT: {
            OrderAct.CHANGE: OrderState.DRAFT,
            OrderAct.SUBMIT: OrderState.SUBMITTED,
            OrderAct.DISCARD: OrderState.STOPPED,
        },
        OrderState.SUBMITTED: {
            OrderAct.TAKE_BACK: OrderState.DRAFT,
            OrderAct.REFUSE: OrderState.DRAFT,
            OrderAct.APPROVE: OrderState.APPROVED,
            OrderAct.STOP: OrderState.STOPPED,
        },
        OrderState.APPROVED: {
            OrderAct.BEGIN: OrderState.PREPARING,
            OrderAct.STOP: OrderState.STOPPED,
        },
        OrderState.PREPARING: {
            OrderAct.RUN: OrderState.RUNNING,
            OrderAct.STOP: OrderState.STOPPED,
        },
        OrderState.RUNNING: {
            OrderAct.PAUSE: OrderState.PAUSED,
            OrderAct.REPEAT: OrderState.RUNNING,
            OrderAct.FINISH: OrderState.DONE,
            OrderAct.STOP: OrderState.STOPPED,
        },
        OrderState.PAUSED: {
            OrderAct.RESUME: OrderState.RUNNING,
            OrderAct.STOP: OrderState.STOPPED,
        },
        OrderState.STOPPED: {},
        OrderState.DONE: {OrderAct.REPEAT: OrderState.RUNNING},
    },
)


def may(act: OrderAct, user_id: int, author_id: int) -> bool:
    """Whether this user may do the act, whatever the state of the order."""
    if act in BY_AUTHOR:
        return user_id == author_id
    if act in BY_SECOND_PERSON:
        return user_id != author_id
    return act not in BY_SERVICE


def require_person(act: OrderAct, user_id: int, author_id: int) -> None:
    """Raise ForbiddenTransition where the act is not this user's."""
    if not may(act, user_id, author_id):
        raise ForbiddenTransition("%(event)s is for another person, or the service.", event=act.value)
