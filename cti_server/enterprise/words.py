"""The words of an enterprise's pages for what the code names."""

from collections.abc import Mapping

from cti_server.appeals.acts.words import IN_VAIN
from cti_server.appeals.files.sources import REFUSALS
from cti_server.appeals.list.words import SIGNS_OF_TERM
from cti_server.appeals.words import CONTEXT as APPEALS
from cti_server.frame.language import N_
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.appeal import ResultKind
from hotline.delivery.outbox import StepKind

RESULTS: Mapping[str, str] = {
    ResultKind.SATISFIED: N_("Done as asked"),
    ResultKind.EXPLAINED: N_("Explained"),
    ResultKind.REFUSED: N_("Cannot be done"),
}
"""Results that an executor can report."""
ACTS: Mapping[str, str] = {
    "register": N_("Registered"),
    "assign": N_("Given to the executor"),
    "hand-back": N_("Handed back"),
    "release": N_("Its executor takes no appeals any more"),
    "accept": N_("Accepted"),
    "pass-inside": N_("Passed on inside the enterprise"),
    "begin-work": N_("Work began"),
    "report-done": N_("Reported as done"),
    "take-back": N_("The report was taken back"),
    "refuse-done": N_("The centre returned the report"),
    "came-back": N_("Sent back by the other authority"),
    "answered-elsewhere": N_("The other authority has answered"),
    "reopen": N_("Taken up again"),
    "follow": N_("Goes along with the main appeal"),
    "begin-check": N_("The applicant is being asked"),
    "attempt-in-vain": N_("The applicant was not reached"),
    "wrong-code": N_("A caller typed a wrong code"),
    "review-closing": N_("The closing was looked at"),
    "confirm": N_("The applicant confirms that it is done"),
    "close-unconfirmed": N_("Closed without the applicant's word"),
    "dispute": N_("The applicant says that it is not done"),
    "take-no-back": N_("The applicant says that it is done after all"),
    "withdraw": N_("The applicant takes it back"),
    "forward": N_("Forwarded to another authority"),
    "reject": N_("Left without consideration"),
    "ask-back": N_("The executor asks the centre"),
    "answer-back": N_("The centre answers"),
    "ask-extension": N_("More time is asked for"),
    "extend": N_("More time is granted"),
    "refuse-extension": N_("More time is not granted"),
    "note": N_("Note"),
    "draw-in": N_("A specialist is drawn in by the centre"),
    "amend": N_("Put right"),
    "link": N_("Linked with another appeal"),
    "unlink": N_("No longer linked"),
    "control": N_("Control of the head"),
    "mark-mass": N_("Many report the same: the sign is “mass”"),
    "recount": N_("The term is counted by the changed holidays"),
    "escalate": N_("Reminder by the clock"),
}
"""Acts in words, by their names in the history."""
STEPS: Mapping[str, str] = {
    StepKind.REMINDER: N_("The term ends soon"),
    StepKind.OVERDUE: N_("The term has ended"),
    StepKind.UNACKNOWLEDGED: N_("An emergency waits to be accepted"),
    StepKind.NOBODY_ACKNOWLEDGES: N_("Nobody accepts an emergency"),
    StepKind.BREACH: N_("The term set by law is broken"),
    StepKind.UNROUTED: N_("An emergency has no executor"),
}
PARTS: Mapping[str, str] = {
    ActorRole.APPLICANT: N_("Applicant"),
    ActorRole.DISPATCHER: N_("Contact centre"),
    ActorRole.HEAD: N_("Head of the centre"),
    ActorRole.EXECUTOR: N_("Executor"),
    ActorRole.SERVICE: N_("By itself"),
}
DONE: Mapping[str, str] = {
    "accept": N_("Accepted: the applicant is told."),
    "hand-back": N_("Handed back to the contact centre."),
    "ask-back": N_("The question is with the contact centre."),
    "pass-inside": N_("Passed on."),
    "begin-work": N_("Work began: the applicant is told."),
    "report-done": N_("Reported: the applicant will be asked whether it is done."),
    "take-back": N_("Taken back: the work is yours again."),
    "ask-extension": N_("The head of the centre will decide."),
    "note": N_("The note is kept."),
}
"""The confirmation after an act."""

CONTEXT: Mapping[str, object] = {
    **APPEALS,
    "RESULTS": RESULTS,
    "ACTS": ACTS,
    "STEPS": STEPS,
    "IN_VAIN": IN_VAIN,
    "PARTS": PARTS,
    "DONE": DONE,
    "REFUSALS": REFUSALS,
    "SIGNS_OF_TERM": SIGNS_OF_TERM,
}
"""The context of the templates, besides their own data."""
