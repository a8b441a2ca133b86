"""The state machine of a campaign, and the acts on it."""

from enum import StrEnum

from hotline.transitions import Transitions


class CampaignState(StrEnum):
    """The state of a campaign."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """For good: people who were not called yet will not be."""
    DONE = "done"
    """Nobody is left to be called."""


class CampaignAct(StrEnum):
    """Acts on a campaign: started (or continued), paused and stopped by a person."""

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
