"""What became of callers, counted: the sums add up, whatever happened."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.call import Outcome
from hotline.line.service_level import Fate, LineCounts, fate, service_level
from hotline.shares import percentile

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("outcome", [*Outcome, None])
def test_each_caller_of_the_line_has_one_fate(outcome: Outcome | None) -> None:
    assert fate(NOON, outcome) is Fate.ANSWERED, "whatever came after the talk"
    assert (fate(None, outcome) is Fate.WAITING) == (outcome is None)


def test_who_leaves_a_message_is_not_lost_and_who_is_cut_off_is() -> None:
    assert fate(None, Outcome.ABANDONED_IN_LINE) is Fate.ABANDONED
    assert fate(None, Outcome.LOST) is Fate.ABANDONED
    assert fate(None, Outcome.MESSAGE_LEFT) is Fate.ELSEWHERE
    assert fate(None, Outcome.CALLBACK_PROMISED) is Fate.ELSEWHERE
    assert fate(None, Outcome.NOBODY_ON_DUTY) is Fate.ELSEWHERE


def test_the_service_level_counts_those_who_gave_up_but_not_those_who_did_at_once() -> None:
    counts = LineCounts(answered=80, answered_in_time=72, abandoned=15, short_abandoned=5, elsewhere=5)
    assert counts.offered == 100
    assert counts.service_level == pytest.approx(72 / 95)
    assert service_level(answered_in_time=0, offered=0) is None
    assert service_level(answered_in_time=0, offered=3, short_abandoned=3) is None


def test_a_mean_wait_is_that_of_those_answered() -> None:
    assert LineCounts(answered=4, abandoned=9, waited=60).mean_wait == 15
    assert LineCounts(abandoned=9).mean_wait is None


@given(st.lists(st.integers(0, 600), max_size=60), st.sampled_from([0.5, 0.9, 0.95]))
def test_a_percentile_is_not_exceeded_by_its_share_and_nothing_smaller_would_do(
    waits: list[int], share: float
) -> None:
    found = percentile([(wait, waits.count(wait)) for wait in set(waits)], share)
    if not waits:
        assert found is None
        return
    assert found in waits
    assert sum(wait <= found for wait in waits) >= share * len(waits)
    assert sum(wait < found for wait in waits) < share * len(waits)
