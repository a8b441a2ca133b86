"""Words for what the code names of meetings."""

from collections.abc import Mapping
from typing import Any

from cti_server.frame.language import N_
from hotline.meetings.meeting_states import AnswerState, MeetingState, MinutesState

PATH = "/meetings"
STATES: Mapping[MeetingState, str] = {
    MeetingState.DRAFT: N_("Draft"),
    MeetingState.CALLED: N_("Invitations sent"),
    MeetingState.HELD: N_("Held"),
    MeetingState.CALLED_OFF: N_("Called off"),
}
ANSWERS: Mapping[AnswerState, str] = {
    AnswerState.ASKED: N_("has not answered"),
    AnswerState.COMES: N_("will come"),
    AnswerState.DECLINES: N_("does not come"),
    AnswerState.SENDS: N_("sends another"),
    AnswerState.STRUCK: N_("invited no longer"),
}
MINUTES_STATES: Mapping[MinutesState, str] = {
    MinutesState.DRAFT: N_("Draft"),
    MinutesState.PRESENTED: N_("Signed by the secretary, waits for the head"),
    MinutesState.SIGNED: N_("Signed by both"),
}
CONTEXT: Mapping[str, Any] = {"STATES": STATES, "ANSWERS": ANSWERS, "MINUTES_STATES": MINUTES_STATES}
