"""What may become of a campaign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.dialling.campaigns import CampaignState, may_become, require_transition
from hotline.errors import ForbiddenTransition

OVER = (CampaignState.STOPPED, CampaignState.DONE)


@given(st.sampled_from(CampaignState), st.sampled_from(CampaignState))
def test_only_what_the_table_names_is_allowed(before: CampaignState, after: CampaignState) -> None:
    if after in may_become(before):
        require_transition(before, after)
        return
    with pytest.raises(ForbiddenTransition):
        require_transition(before, after)


def test_what_is_stopped_or_done_stays_so_and_everything_else_can_be_stopped() -> None:
    for state in CampaignState:
        assert (may_become(state) == frozenset()) is (state in OVER)
        assert state in OVER or CampaignState.STOPPED in may_become(state)


def test_a_draft_calls_nobody_before_it_is_started() -> None:
    assert CampaignState.DONE not in may_become(CampaignState.DRAFT)
    assert may_become(CampaignState.PAUSED) >= {CampaignState.RUNNING}
