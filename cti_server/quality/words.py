"""Words of the pages of quality for what the code names."""

from collections.abc import Mapping, Sequence

from cti_server.calls.words import clock_length
from cti_server.frame.language import N_
from hotline.quality.assessment_states import AssessmentEvent, AssessmentState
from hotline.quality.scoring import MARKS, NO, NOT_APPLICABLE, YES
from hotline.quality.signs import Sign

STATES: Mapping[str, str] = {
    AssessmentState.TO_ASSESS: N_("To be assessed"),
    AssessmentState.ASSESSED: N_("Assessed"),
    AssessmentState.DISPUTED: N_("In dispute"),
    AssessmentState.DECIDED: N_("Decided"),
    AssessmentState.SKIPPED: N_("Left out"),
}
MARKS_OF: Mapping[str, str] = {
    AssessmentState.TO_ASSESS: "registered",
    AssessmentState.ASSESSED: "done",
    AssessmentState.DISPUTED: "disputed",
    AssessmentState.DECIDED: "closed",
    AssessmentState.SKIPPED: "closed",
}
"""Colours of the marks, by the states of appeals to which they are alike."""
SIGNS: Mapping[str, str] = {
    Sign.EMERGENCY: N_("Emergency or a threat to people"),
    Sign.DISPUTED: N_("The applicant says it is not done"),
    Sign.LOW_RATING: N_("Low rating by the applicant"),
    Sign.TALK_OVER: N_("They talk over each other"),
    Sign.LONG_SILENCE: N_("Long silence"),
    Sign.REPEAT_CALLER: N_("Called again within days"),
    Sign.SHORT: N_("Very short talk"),
    Sign.LONG: N_("Very long talk"),
    Sign.BY_LOT: N_("Drawn by lot"),
    Sign.TRIAL: N_("Trial call"),
}
EVENTS: Mapping[str, str] = {
    AssessmentEvent.CLAIM: N_("taken"),
    AssessmentEvent.SAVE: N_("saved"),
    AssessmentEvent.FINISH: N_("finished"),
    AssessmentEvent.SKIP: N_("left out"),
    AssessmentEvent.READ: N_("read"),
    AssessmentEvent.DISPUTE: N_("disputed"),
    AssessmentEvent.DECIDE: N_("decided"),
}
ANSWERS: Mapping[str, str] = {
    YES: N_("Yes"),
    NO: N_("No"),
    NOT_APPLICABLE: N_("Not applicable"),
    **{mark: mark for mark in MARKS},
}
OUTCOMES: Sequence[tuple[bool, str]] = ((True, N_("Passed")), (False, N_("Not passed")))
CONTEXT: Mapping[str, object] = {
    "STATES": STATES,
    "MARKS_OF": MARKS_OF,
    "SIGNS": SIGNS,
    "EVENTS": EVENTS,
    "ANSWERS": ANSWERS,
    "PASSED": dict(OUTCOMES),
    "length": clock_length,
}
"""What all templates of quality have."""
