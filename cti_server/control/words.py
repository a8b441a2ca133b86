"""The words of control."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.appeals.control import Waits

WAITS: Mapping[Waits, tuple[str, str]] = {
    Waits.UNACCEPTED: (
        N_("Emergencies that nobody has accepted"),
        N_("Ring the enterprise; whoever takes it there is written down on the card."),
    ),
    Waits.UNROUTED: (
        N_("Without an executor"),
        N_("No rule fits, or the executor handed it back: give it to somebody."),
    ),
    Waits.ASKED: (N_("Questions of executors"), N_("The clock runs on: answer from the card.")),
    Waits.SPENT: (
        N_("The applicant was not reached as often as is asked"),
        N_("Try once more, or close without their word, with a reason."),
    ),
    Waits.TO_CHECK: (N_("To be checked with the applicant"), N_("The executor says that it is done.")),
}
"""In the order of the page: what it is, and what to do."""
