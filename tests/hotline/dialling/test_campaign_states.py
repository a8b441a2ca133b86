"""What may become of a campaign."""

from hotline.dialling.campaign_states import CAMPAIGN, CampaignAct, CampaignState

OVER = (CampaignState.STOPPED, CampaignState.DONE)


def test_what_is_stopped_or_done_stays_so_and_everything_else_can_be_stopped() -> None:
    for state in CampaignState:
        assert (CAMPAIGN.possible(state) == frozenset()) is (state in OVER)
        assert (CampaignAct.STOP in CAMPAIGN.possible(state)) is (state not in OVER)


def test_a_draft_calls_nobody_before_it_is_started() -> None:
    assert CAMPAIGN.possible(CampaignState.DRAFT) == {CampaignAct.START, CampaignAct.STOP}
    assert CAMPAIGN.allows(CampaignState.PAUSED, CampaignAct.START)
