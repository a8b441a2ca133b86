"""The machine of an assessment: its states, and the events that change it."""

from enum import StrEnum

from hotline.transitions import Transitions


class AssessmentState(StrEnum):
    """The state of an assessment. One that somebody works on is TO_ASSESS with a claim."""

    TO_ASSESS = "to-assess"
    ASSESSED = "assessed"
    DISPUTED = "disputed"
    """The dispatcher does not agree: it waits for the head."""
    DECIDED = "decided"
    SKIPPED = "skipped"
    """There was nothing to assess."""


class AssessmentEvent(StrEnum):
    """Events of an assessment."""

    CLAIM = "claim"
    """Somebody begins or goes on with it."""
    SAVE = "save"
    FINISH = "finish"
    SKIP = "skip"
    READ = "read"
    """By the dispatcher whose talk it was."""
    DISPUTE = "dispute"
    DECIDE = "decide"


ASSESSMENT = Transitions(
    subject="The assessment",
    initial=frozenset({AssessmentState.TO_ASSESS}),
    table={
        AssessmentState.TO_ASSESS: {
            AssessmentEvent.CLAIM: AssessmentState.TO_ASSESS,
            AssessmentEvent.SAVE: AssessmentState.TO_ASSESS,
            AssessmentEvent.FINISH: AssessmentState.ASSESSED,
            AssessmentEvent.SKIP: AssessmentState.SKIPPED,
        },
        AssessmentState.ASSESSED: {
            AssessmentEvent.READ: AssessmentState.ASSESSED,
            AssessmentEvent.DISPUTE: AssessmentState.DISPUTED,
        },
        AssessmentState.DISPUTED: {
            AssessmentEvent.READ: AssessmentState.DISPUTED,
            AssessmentEvent.DECIDE: AssessmentState.DECIDED,
        },
        AssessmentState.DECIDED: {
            AssessmentEvent.READ: AssessmentState.DECIDED,
        },
        AssessmentState.SKIPPED: {},
    },
)
"""The dispatcher reads the score, and once more what was decided on their dispute."""
