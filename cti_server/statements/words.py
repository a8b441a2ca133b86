"""Words of the pages of statements for what the code names."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.statements.statement_states import StatementAct, StatementState

STATES: Mapping[str, str] = {
    StatementState.DRAFT: N_("draft"),
    StatementState.SUBMITTED: N_("waits for approval"),
    StatementState.APPROVED: N_("approved"),
    StatementState.CORRECTING: N_("a correction is being written"),
    StatementState.CORRECTION_SUBMITTED: N_("a correction waits for approval"),
    StatementState.WITHDRAWN: N_("withdrawn"),
}
MARKS_OF: Mapping[str, str] = {
    StatementState.DRAFT: "closed",
    StatementState.SUBMITTED: "hold",
    StatementState.APPROVED: "done",
    StatementState.CORRECTING: "closed",
    StatementState.CORRECTION_SUBMITTED: "hold",
    StatementState.WITHDRAWN: "emergency",
}
ACTS: Mapping[StatementAct, str] = {
    StatementAct.SUBMIT: N_("Submit for approval"),
    StatementAct.APPROVE: N_("Approve"),
    StatementAct.TAKE_BACK: N_("Take back"),
    StatementAct.CORRECT: N_("Write a correction"),
    StatementAct.DROP: N_("Give the correction up"),
    StatementAct.DISCARD: N_("Delete the draft"),
}
"""The acts that are one press, in the order of the buttons."""
WITH_REASON: Mapping[StatementAct, str] = {
    StatementAct.REFUSE: N_("Send it back"),
    StatementAct.WITHDRAW: N_("Withdraw it"),
}
"""The acts that need a reason."""
CONTEXT: Mapping[str, object] = {"STATES": STATES, "MARKS_OF": MARKS_OF}
