"""The machine of a campaign: its states, and what is done with it."""

from enum import StrEnum

from hotline.transitions import Transitions


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """For good: whoever was not called is not called any more."""
    DONE = "done"
    """Nobody is left to be called."""


class CampaignAct(StrEnum):
    """What is done with a campaign: started (or gone on with), paused and stopped by a person."""

    START = "start"
    PAUSE = "pause"
    FINISH = "finish"
    """Nobody is left to be called."""
    STOP = "stop"


CAMPAIGN = Transitions(
    subject="The campaign",
    # A repetition of an order is called at once.
    initial=frozenset({CampaignState.DRAFT, CampaignState.RUNNING}),
    table={
        CampaignState.DRAFT: {
            CampaignAct.START: CampaignState.RUNNING,
            CampaignAct.STOP: CampaignState.STOPPED,
        },
        CampaignState.RUNNING: {
            CampaignAct.PAUSE: CampaignState.PAUSED,
            CampaignAct.FINISH: CampaignState.DONE,
            CampaignAct.STOP: CampaignState.STOPPED,
        },
        CampaignState.PAUSED: {
            CampaignAct.START: CampaignState.RUNNING,
            CampaignAct.STOP: CampaignState.STOPPED,
        },
        CampaignState.STOPPED: {},
        CampaignState.DONE: {},
    },
)
