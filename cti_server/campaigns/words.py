"""Words for campaigns, their people, and what calls come to."""

from collections.abc import Mapping
from typing import Any

from cti_server.frame.language import N_
from hotline.contact.numbers import masked
from hotline.dialling.campaign_states import CampaignAct, CampaignState
from hotline.dialling.campaigns import PersonState
from hotline.dialling.dialler import Kind, Result

KINDS: Mapping[str, str] = {
    Kind.EMERGENCY: N_("an emergency"),
    Kind.CALL_BACK: N_("call-back"),
    Kind.OUTAGE: N_("news of an outage"),
    Kind.SURVEY: N_("survey"),
    Kind.INFORMING: N_("informing"),
}
STATES: Mapping[CampaignState, str] = {
    CampaignState.DRAFT: N_("not started"),
    CampaignState.RUNNING: N_("under way"),
    CampaignState.PAUSED: N_("paused"),
    CampaignState.STOPPED: N_("stopped"),
    CampaignState.DONE: N_("finished"),
}
ACTS: Mapping[CampaignAct, str] = {
    CampaignAct.START: N_("Start calling"),
    CampaignAct.PAUSE: N_("Pause calling"),
    CampaignAct.STOP: N_("Stop for good"),
}
"""Acts of a person on a campaign."""
PEOPLE: Mapping[str, str] = {
    PersonState.REACHED: N_("heard, confirmed by a key"),
    PersonState.CLAIMED: N_("being called now"),
    PersonState.DUE: N_("still to be called"),
    PersonState.GIVEN_UP: N_("not reached"),
}
RESULTS: Mapping[Result, str] = {
    Result.SETTLED: N_("pressed a key"),
    Result.UNHEARD: N_("answered, pressed nothing"),
    Result.MACHINE: N_("pressed nothing, perhaps an answering machine"),
    Result.NO_ANSWER: N_("did not answer"),
    Result.BUSY: N_("busy"),
    Result.REFUSED: N_("rejected the call"),
    Result.NOT_IN_USE: N_("number not in use"),
    Result.FAILED: N_("network failure"),
    Result.INTERRUPTED: N_("interrupted by us"),
    Result.UNWANTED: N_("does not want calls"),
    Result.NOT_PLACED: N_("not dialled"),
}
CONTEXT: Mapping[str, Any] = {
    "KINDS": KINDS,
    "STATES": STATES,
    "ACTS": ACTS,
    "PEOPLE": PEOPLE,
    "RESULTS": RESULTS,
    "PersonState": PersonState,
    "masked": masked,
}
