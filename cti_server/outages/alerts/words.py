"""The words of alerts."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from cti_server.frame.numbers import grouped
from cti_server.frame.words import APPEAL_STATES, OUTAGE_KINDS, UTILITIES
from hotline.outages.alert_states import AlertState

STATES: Mapping[str, str] = {
    AlertState.OPEN: N_("waits for a decision"),
    AlertState.ACCEPTED: N_("an outage was entered"),
    AlertState.BELONGS: N_("belongs to an outage"),
    AlertState.COVERED: N_("an outage entered meanwhile tells it"),
    AlertState.DISMISSED: N_("no outage"),
}

CONTEXT: Mapping[str, object] = {
    "grouped": grouped,
    "ALERT_STATES": STATES,
    "APPEAL_STATES": APPEAL_STATES,
    "OUTAGE_KINDS": OUTAGE_KINDS,
    "UTILITIES": UTILITIES,
}
