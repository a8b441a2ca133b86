"""The words of control."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.appeals.control import AppealWaitsFor

WAITS: Mapping[AppealWaitsFor, tuple[str, str]] = {
    AppealWaitsFor.UNACCEPTED: (
        N_("Emergencies that nobody has accepted"),
        N_("Ring the enterprise; whoever takes it there is written down on the card."),
    ),
    AppealWaitsFor.UNROUTED: (
        N_("Without an executor"),
        N_("No rule fits, or the executor handed it back: give it to somebody."),
    ),
    AppealWaitsFor.ASKED: (N_("Questions of executors"), N_("The clock runs on: answer from the card.")),
    AppealWaitsFor.SPENT: (
        N_("The applicant was not reached as often as is asked"),
        N_("Try once more, or close without their word, with a reason."),
    ),
    AppealWaitsFor.TO_CHECK: (
        N_("To be checked with the applicant"),
        N_("The executor says that it is done."),
    ),
}
"""In the order of the page: what it is, and what to do."""
