"""The machine of a call that is owed: how far it has come, and what happens to it."""

from enum import StrEnum

from hotline.transitions import Transitions


class JobState(StrEnum):
    """How far a call that is owed has come."""

    DUE = "due"
    CLAIMED = "claimed"
    """A worker asks its source whom to call."""
    ADMITTED = "admitted"
    """No other job may call the number meanwhile; nobody is rung yet."""
    DIALLED = "dialled"
    """They may have been rung."""
    OVER = "over"
    """The call is over, and its source has not said yet what follows."""
    REACHED = "reached"
    """They settled it by a key."""
    GIVEN_UP = "given-up"


class JobEvent(StrEnum):
    """What happens to a call that is owed."""

    CLAIM = "claim"
    PUT_OFF = "put-off"
    """Nobody was rung: it is due again, and the attempt does not count."""
    ADMIT = "admit"
    REFUSE = "refuse"
    """Something speaks against the call after all: nobody may be rung now."""
    DIAL = "dial"
    END = "end"
    AGAIN = "again"
    """The attempt was in vain: another is owed later."""
    REACH = "reach"
    GIVE_UP = "give-up"
    OWE_ANEW = "owe-anew"
    """A person wants it tried again."""


JOB = Transitions(
    subject="The call that is owed",
    initial=frozenset({JobState.DUE}),
    table={
        JobState.DUE: {
            JobEvent.CLAIM: JobState.CLAIMED,
            JobEvent.GIVE_UP: JobState.GIVEN_UP,
            # Their key came on record late, as the database was away: another had judged the call without it.
            JobEvent.REACH: JobState.REACHED,
        },
        JobState.CLAIMED: {
            JobEvent.ADMIT: JobState.ADMITTED,
            JobEvent.PUT_OFF: JobState.DUE,
            JobEvent.END: JobState.OVER,
            JobEvent.GIVE_UP: JobState.GIVEN_UP,
        },
        JobState.ADMITTED: {
            JobEvent.REFUSE: JobState.CLAIMED,
            JobEvent.DIAL: JobState.DIALLED,
            JobEvent.PUT_OFF: JobState.DUE,
            JobEvent.END: JobState.OVER,
        },
        JobState.DIALLED: {
            JobEvent.END: JobState.OVER,
            # Asterisk never had the call.
            JobEvent.PUT_OFF: JobState.DUE,
        },
        JobState.OVER: {
            JobEvent.AGAIN: JobState.DUE,
            JobEvent.REACH: JobState.REACHED,
            JobEvent.GIVE_UP: JobState.GIVEN_UP,
        },
        JobState.REACHED: {},
        JobState.GIVEN_UP: {
            JobEvent.OWE_ANEW: JobState.DUE,
            JobEvent.REACH: JobState.REACHED,  # late as well
        },
    },
)

UNENDED = frozenset(JobState) - {JobState.REACHED, JobState.GIVEN_UP}
UNDER_WAY = UNENDED - {JobState.DUE}
"""A worker has it."""
ON_THE_PHONE = frozenset({JobState.ADMITTED, JobState.DIALLED})
"""To one number there is only one such job."""
