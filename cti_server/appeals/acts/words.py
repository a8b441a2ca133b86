"""Words of acts, of their actors, and of reasons why an applicant could not be asked."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.acts.keeping import ANSWERS_BEFORE
from hotline.appeals.acts.routing import RejectionGround
from hotline.appeals.handling import REGISTERED
from hotline.delivery.outbox import StepKind
from hotline.surveys.completion import SurveyOutcome

ACTS: Mapping[str, str] = {
    REGISTERED: N_("Registered"),
    "assign": N_("Given to an executor"),
    "hand-back": N_("Handed back by the executor"),
    "release": N_("Its executor takes no appeals any more"),
    "forward": N_("Forwarded to whom it belongs"),
    "reject": N_("Left without consideration"),
    "accept": N_("Accepted by the executor"),
    "pass-inside": N_("Passed on inside the enterprise"),
    "begin-work": N_("Work has begun"),
    "report-done": N_("The executor reports that it is done"),
    "take-back": N_("The executor takes its report back"),
    "refuse-done": N_("The report is returned: it is not done"),
    "came-back": N_("Sent back by the other authority"),
    "answered-elsewhere": N_("The other authority has answered"),
    "reopen": N_("Taken up again"),
    "follow": N_("Goes along with the linked appeal"),
    "begin-check": N_("The check has begun"),
    "attempt-in-vain": N_("The applicant was not reached"),
    "wrong-code": N_("A caller typed a wrong code"),
    "review-closing": N_("The closing was looked at"),
    "confirm": N_("The applicant confirms that it is done"),
    "dispute": N_("The applicant says that it is not done"),
    "take-no-back": N_("The applicant says that it is done after all"),
    "withdraw": N_("Withdrawn by the applicant"),
    "close-unconfirmed": N_("Closed without the applicant's word"),
    "ask-back": N_("The executor asks the centre"),
    "answer-back": N_("The centre has answered the executor"),
    "ask-extension": N_("The executor asks for more time"),
    "extend": N_("The term is extended"),
    "refuse-extension": N_("More time is refused"),
    "note": N_("Note"),
    "draw-in": N_("A specialist: consent is asked for"),
    "amend": N_("The registration is put right"),
    "link": N_("Linked to another appeal"),
    "unlink": N_("No longer linked"),
    "control": N_("Control"),
    "mark-mass": N_("Many report the same: the sign is “mass”"),
    "recount": N_("The term is counted by the changed holidays"),
    "escalate": N_("The clock ran out"),
}
"""An act's name in the history → what it is called in the timeline."""
DRAWN_IN: Mapping[str, str] = {
    "agree": N_("A specialist is drawn in: the manager agrees"),
    "refuse": N_("A specialist: the manager refuses"),
    "report": N_("The specialist's conclusion"),
    "end": N_("The specialist's part is ended"),
}
"""Steps of drawing a specialist in, by their code; the first one is in ACTS."""
PARTS: Mapping[str, str] = {
    ActorRole.APPLICANT: N_("the applicant"),
    ActorRole.DISPATCHER: N_("dispatcher"),
    ActorRole.HEAD: N_("head"),
    ActorRole.EXECUTOR: N_("executor"),
    ActorRole.SERVICE: N_("automatically"),
}
STEPS: Mapping[str, str] = {
    StepKind.REMINDER: N_("The executor was reminded of the term"),
    StepKind.OVERDUE: N_("Overdue: the executor, their manager and the head were told"),
    StepKind.BREACH: N_("The law's term is broken: the department's head was told"),
    StepKind.UNACKNOWLEDGED: N_("Nobody accepts it: the next one on duty was told"),
    StepKind.NOBODY_ACKNOWLEDGES: N_("Nobody accepts it: the head and the manager were told"),
    StepKind.UNROUTED: N_("Nobody has it: the head was told"),
}
OUTCOMES: Mapping[str, str] = {
    "no-answer": N_("Nobody answers"),
    "busy": N_("The line is busy"),
    "unreachable": N_("The telephone is off or out of reach"),
    "later": N_("Asks to be called later"),
    "wrong-person": N_("Somebody else answers, who does not know"),
    "hung-up": N_("Hung up without an answer"),
}
"""How an applicant was not reached; kept by its code."""
AUTOMATIC_OUTCOMES: Mapping[str, str] = {
    SurveyOutcome.SILENT: N_("Answered, but pressed nothing"),
    SurveyOutcome.REFUSED: N_("The call was declined"),
    SurveyOutcome.NOT_IN_USE: N_("This number is not in use"),
    SurveyOutcome.FAILED: N_("No connection"),
    SurveyOutcome.NOT_CALLED: N_("A number that the hotline may not call"),
    SurveyOutcome.INTERRUPTED: N_("The connection was lost"),
    SurveyOutcome.UNWANTED: N_("Does not want to be called automatically"),
}
"""Outcomes of an automatic call; nobody chooses them."""
IN_VAIN: Mapping[str, str] = {**OUTCOMES, **AUTOMATIC_OUTCOMES}
"""Codes that a history holds where the applicant was not reached."""
GROUNDS: Mapping[str, str] = {
    RejectionGround.ANONYMOUS: N_("Anonymous: neither name nor address (part 1)"),
    RejectionGround.RESOLVED_BEFORE: N_("The same applicant again, on what was answered (part 2)"),
    RejectionGround.LATE_COMPLAINT: N_("A complaint after the terms of art. 17 (part 2)"),
    RejectionGround.INCAPABLE: N_("From a person whom a court found incapable (part 2)"),
    RejectionGround.NOT_HELD: N_("We do not hold the information and need not (2939-VI, art. 22)"),
    RejectionGround.RESTRICTED: N_("Access to the information is restricted (art. 6, part 2)"),
    RejectionGround.UNPAID: N_("The costs of copying were not paid (art. 21)"),
    RejectionGround.INCOMPLETE: N_("It does not say what a request must say (art. 19, part 5)"),
}
"""The law lets an appeal go unconsidered (393/96, art. 8), or a request be refused (2939-VI, art. 22)."""
FIELDS: Mapping[str, str] = {
    "text": N_("text"),
    "category": N_("category"),
    "address": N_("address"),
    "urgency": N_("urgency"),
    "kind": N_("kind"),
    "sign": N_("sign"),
    "earlier": N_("earlier appeal"),
    "subject": N_("whose it is"),
    "receipt": N_("how it was received"),
    "reply_by": N_("how the applicant is told"),
    ANSWERS_BEFORE: N_("answers to the category's questions"),
}
"""Corrected fields."""
