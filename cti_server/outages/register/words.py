"""The words of the register's pages."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from cti_server.frame.words import OUTAGE_KINDS, UTILITIES
from hotline.outages.outage import EntryFlaw, EntrySource, OutageAct

ACTS: Mapping[str, str] = {
    OutageAct.ENTERED: N_("Entered"),
    OutageAct.AMENDED: N_("Changed"),
    OutageAct.END_MOVED: N_("The expected end was moved"),
    OutageAct.ENDED: N_("It is over"),
    OutageAct.CANCELLED: N_("Taken back"),
    OutageAct.REOPENED: N_("It goes on"),
}
SOURCES: Mapping[str, str] = {
    EntrySource.DESK: N_("contact centre"),
    EntrySource.ENTERPRISE: N_("enterprise"),
    EntrySource.API: N_("another program"),
    EntrySource.FILE: N_("a file"),
    EntrySource.REPORTS: N_("reports of many"),
    EntrySource.SERVICE: N_("the hotline itself"),
}
FLAWS: Mapping[str, str] = {
    EntryFlaw.LATE: N_("entered late"),
    EntryFlaw.SHORT_NOTICE: N_("less than 10 days' notice"),
    EntryFlaw.OVERDUE: N_("the expected end is past"),
    EntryFlaw.MISSING: N_("not entered until many reported it"),
}
WARNINGS: Mapping[str, str] = {
    EntryFlaw.LATE: N_(
        "It began more than half an hour ago: the entry will be marked as late (regulation 4.3). "
        "It is still worth entering: callers hear it at once."
    ),
    EntryFlaw.SHORT_NOTICE: N_(
        "Planned works are to be announced at least 10 days before: this entry will be marked. "
        "If the works cannot wait, enter it all the same."
    ),
    EntryFlaw.OVERDUE: N_("The expected end is past already: callers will hear that it takes longer."),
    "city": N_("Every caller of the city will hear it: look once more whether it is really everywhere."),
}
FIELDS: Mapping[str, str] = {
    "utility": N_("What is off"),
    "kind": N_("Kind"),
    "starts_at": N_("Begins"),
    "expected_end": N_("Expected end"),
    "areas": N_("Where"),
    "reason": N_("Reason"),
    "by_order": N_("Order of works"),
    "executor_id": N_("Enterprise"),
    "ended_at": N_("Ended"),
}
"""Fields of an outage, by their names in its history's facts."""

CONTEXT: Mapping[str, object] = {
    "ACTS": ACTS,
    "SOURCES": SOURCES,
    "FLAWS": FLAWS,
    "WARNINGS": WARNINGS,
    "UTILITIES": UTILITIES,
    "OUTAGE_KINDS": OUTAGE_KINDS,
}
